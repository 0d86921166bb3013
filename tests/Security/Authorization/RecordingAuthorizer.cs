using System.Collections.Concurrent;
using Wharf.Gateway.Authentication;
using Wharf.Grains.Streams;

namespace Wharf.Security.Authorization;

/// <summary>Records each question, and decides as the test sets it.</summary>
internal sealed class RecordingAuthorizer : IAuthorizer
{
    /// <summary>The decision; by default everything is allowed.</summary>
    public Func<CallerIdentity, string, string, bool> Decide { get; set; } = static (_, _, _) => true;

    public ConcurrentQueue<(string Identity, string Action, string Target)> Asked { get; } = new();

    public ValueTask<bool> IsAllowedAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken)
    {
        Asked.Enqueue((caller.Identity, action, target));
        return ValueTask.FromResult(Decide(caller, action, target));
    }
}
