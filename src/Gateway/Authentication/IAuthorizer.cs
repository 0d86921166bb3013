using Wharf.Grains.Streams;

namespace Wharf.Gateway.Authentication;

/// <summary>Says who may do what to which object. Asked before anything happens; the default allows everything.</summary>
public interface IAuthorizer
{
    /// <summary>Decides.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="action">What they want: one of <see cref="GatewayActions"/>.</param>
    /// <param name="target">To what: a ticket in canonical text, or empty when it is about nothing in particular. The text of a shared ticket is a secret.</param>
    /// <param name="cancellationToken">The caller went away.</param>
    /// <returns>Whether they may; if not, the caller is told PERMISSION_DENIED.</returns>
    ValueTask<bool> IsAllowedAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken);
}

/// <summary>What an <see cref="IAuthorizer"/> is asked about.</summary>
public static class GatewayActions
{
    /// <summary>Opening a stream to an object, or fetching it whole.</summary>
    public const string Connect = "connect";

    /// <summary>Reading a table or its description, or using it as the source of another.</summary>
    public const string Read = "read";

    /// <summary>Making a table out of nothing, or uploading one.</summary>
    public const string Create = "create";

    /// <summary>Giving an object a name that other sessions see.</summary>
    public const string Publish = "publish";

    /// <summary>Listing the named fields.</summary>
    public const string List = "list";
}

internal sealed class AllowEverything : IAuthorizer
{
    public ValueTask<bool> IsAllowedAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
