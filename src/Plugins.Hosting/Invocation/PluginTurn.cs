using System.Diagnostics;

namespace Wharf.Plugins.Hosting;

/// <summary>One call into a plugin: made for one <see cref="TurnQueue"/>, enqueued once.</summary>
public abstract class PluginTurn
{
    private int _completed;

    /// <summary>What the call is, as traces name it.</summary>
    public virtual string Name => "call";

    /// <summary>How long the call may take; null for the queue's own limit, <see cref="Timeout.InfiniteTimeSpan"/> for none.</summary>
    public virtual TimeSpan? TimeLimit => null;

    /// <summary>Who is waiting has gone. A turn that has not begun is skipped then, one that runs sees it in its token.</summary>
    public virtual CancellationToken Cancelled => CancellationToken.None;

    /// <summary>Whether the turn waits behind a stuck handler for as long as that takes: the end of a stream and of an object are not given up on.</summary>
    public virtual bool MustRun => false;

    /// <summary>
    /// The span in whose course the turn was made, if one is recorded. It is remembered here because nothing else flows from there into the turn: see <see cref="TurnQueue"/>.
    /// </summary>
    internal Activity? Cause { get; } = PluginActivities.Current;

    /// <summary>The next in the queue; the queue's, under its lock.</summary>
    internal PluginTurn? Next { get; set; }

    /// <summary>When the turn came, if it came behind a stuck handler; the queue's, under its lock.</summary>
    internal long CameAt { get; set; }

    /// <summary>Calls the plugin, on the pool. What it throws becomes the turn's fault.</summary>
    /// <param name="cancellationToken">Cancelled with <see cref="Cancelled"/> and when the time limit is over.</param>
    /// <returns>Completes when the plugin has returned; the next turn begins then.</returns>
    public abstract ValueTask InvokeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The turn's outcome is known: called exactly once, on whatever thread knows it, and possibly before <see cref="TurnQueue.Enqueue"/> returns. Must be quick and must not throw.
    /// After a fault with DEADLINE_EXCEEDED the handler may still be running.
    /// </summary>
    /// <param name="fault">Null for success.</param>
    public abstract void Completed(PluginFault? fault);

    /// <summary>True for the one that may call <see cref="Completed"/>.</summary>
    internal bool TryClaim() => Interlocked.Exchange(ref _completed, 1) == 0;
}
