namespace Wharf.Plugins.Hosting;

/// <summary>Decides when turns may begin: a node that may have been declared lost runs none until it is certain that its objects were not replaced.</summary>
public abstract class TurnGate
{
    /// <summary>Whether a turn may begin at a time.</summary>
    /// <param name="timestamp">The time, as a timestamp of the queue's clock.</param>
    /// <returns>False if the turn has to wait for <see cref="WhenDecidedAsync"/>.</returns>
    public abstract bool IsOpenAt(long timestamp);

    /// <summary>Waits for the decision whether turns may begin.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>True if turns may begin. Otherwise they fail with UNAVAILABLE, except those that must run.</returns>
    public abstract ValueTask<bool> WhenDecidedAsync(CancellationToken cancellationToken);
}
