using Wharf.Grains.Objects;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Authentication;

/// <summary>Asks the server's authorizer for the object that manages names.</summary>
internal sealed class NameAuthorizer(IAuthorizer authorizer) : INameAuthorizer
{
    /// <inheritdoc/>
    public ValueTask<bool> IsAllowedAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken) =>
        authorizer.IsAllowedAsync(caller, action, target, cancellationToken);
}
