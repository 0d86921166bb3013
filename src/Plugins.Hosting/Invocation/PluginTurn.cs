using System.Diagnostics;

namespace Wharf.Plugins.Hosting;

/// <summary>One call into a plugin: created for one <see cref="TurnQueue"/> and enqueued once.</summary>
public abstract class PluginTurn
{
    private int _completed;

    /// <summary>The name of the call in traces.</summary>
    public virtual string Name => "call";

    /// <summary>The maximum duration of the call; null for the limit of the queue, <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public virtual TimeSpan? TimeLimit => null;

    /// <summary>Cancelled when the caller no longer waits. A turn that has not begun is skipped then; a running turn sees it in its token.</summary>
    public virtual CancellationToken Cancelled => CancellationToken.None;

    /// <summary>Whether the turn waits behind a stuck handler without a limit: the end of a stream and of an object must run.</summary>
    public virtual bool MustRun => false;

    /// <summary>
    /// The activity that created the turn, if it is recorded. It is stored here because no execution context flows into the turn: see <see cref="TurnQueue"/>.
    /// </summary>
    internal Activity? Cause { get; } = PluginActivities.Current;

    /// <summary>The next turn in the queue. Used by the queue only, under its lock.</summary>
    internal PluginTurn? Next { get; set; }

    /// <summary>The time at which the turn was enqueued, if it was enqueued behind a stuck handler. Used by the queue only, under its lock.</summary>
    internal long EnqueuedAt { get; set; }

    /// <summary>Calls the plugin, on the pool. An exception becomes the fault of the turn.</summary>
    /// <param name="cancellationToken">Cancelled with <see cref="Cancelled"/> and when the time limit is over.</param>
    /// <returns>Completes when the plugin has returned; the next turn begins then.</returns>
    public abstract ValueTask InvokeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Receives the outcome of the turn. Called exactly once, on any thread, and possibly before <see cref="TurnQueue.Enqueue"/> returns. Must return quickly and must not
    /// throw. After a fault with DEADLINE_EXCEEDED the handler may still be running.
    /// </summary>
    /// <param name="fault">Null for success.</param>
    public abstract void Completed(PluginFault? fault);

    /// <summary>Returns true once: for the caller that may call <see cref="Completed"/>.</summary>
    internal bool TryClaim() => Interlocked.Exchange(ref _completed, 1) == 0;
}
