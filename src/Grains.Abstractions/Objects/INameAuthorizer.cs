using Wharf.Grains.Streams;

namespace Wharf.Grains.Objects;

/// <summary>
/// Authorizes the creation, deletion and listing of named objects through the built-in object <c>objects</c>. Each node has one, which calls the server's
/// authorizer.
/// </summary>
public interface INameAuthorizer
{
    /// <summary>Returns whether a session may perform an action.</summary>
    /// <param name="caller">The session that sent the message.</param>
    /// <param name="action">The action: <c>create</c>, <c>delete</c> or <c>list</c>.</param>
    /// <param name="target">The ticket of the name, in canonical text.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Whether the action is allowed.</returns>
    ValueTask<bool> IsAllowedAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken);
}
