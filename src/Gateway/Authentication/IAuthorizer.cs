using Wharf.Grains.Streams;

namespace Wharf.Gateway.Authentication;

/// <summary>
/// Decides which caller may perform which action on which target. The gateway calls it before it looks up a ticket, so a refusal does not disclose whether the target exists. The default
/// implementation allows everything.
/// </summary>
/// <remarks>
/// It is not called for exports of the caller's own session: the action that created the export was authorized. A reference (an object that is sent with a message, the source of
/// <c>ExportFromTicket</c>) needs <see cref="GatewayActions.Read"/> if it is a table, and <see cref="GatewayActions.Connect"/> if it is another object.
/// </remarks>
public interface IAuthorizer
{
    /// <summary>Decides whether an action is allowed.</summary>
    /// <param name="caller">The caller. Its members are empty for a call without a session.</param>
    /// <param name="action">The action: one of <see cref="GatewayActions"/>.</param>
    /// <param name="target">
    /// The ticket of the target in canonical text: <c>scope/{name}</c>, <c>app/{application}/field/{field}</c> or <c>shared/{hex}</c>. Empty if the action has no named target. The text of a
    /// shared ticket is a secret.
    /// </param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Whether the action is allowed; if not, the call fails with PERMISSION_DENIED.</returns>
    ValueTask<bool> IsAllowedAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken);
}

/// <summary>The actions that an <see cref="IAuthorizer"/> decides about.</summary>
public static class GatewayActions
{
    /// <summary>Opening a stream to an object, fetching it whole, or passing it on as a reference.</summary>
    public const string Connect = "connect";

    /// <summary>Reading a table or its description, using it as the source of another, or passing it on as a reference.</summary>
    public const string Read = "read";

    /// <summary>Creating a table without a source, uploading a table, or creating a named object.</summary>
    public const string Create = "create";

    /// <summary>Giving an object a name that other sessions see.</summary>
    public const string Publish = "publish";

    /// <summary>Listing the named fields. Without a target: any of them; with a target: this field.</summary>
    public const string List = "list";

    /// <summary>Removing the name of an object.</summary>
    public const string Delete = "delete";

    /// <summary>Running a script or a command of a console.</summary>
    public const string Run = "run";
}

internal sealed class AllowEverything : IAuthorizer
{
    public ValueTask<bool> IsAllowedAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
