using Wharf.Grains.Objects;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Authentication;

/// <summary>Passes the decisions of the object that manages names to the server's authorizer.</summary>
internal sealed class NameAuthorizer(IAuthorizer authorizer) : INameAuthorizer
{
    /// <inheritdoc/>
    public ValueTask<bool> IsAllowedAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken) =>
        authorizer.IsAllowedAsync(caller, action, target, cancellationToken);
}
