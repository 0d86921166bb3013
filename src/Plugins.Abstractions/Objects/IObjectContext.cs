using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins;

/// <summary>What surrounds a live object: given to <see cref="ObjectType.CreateAsync"/> and to <see cref="IObjectLifetime"/>, good until the object is disposed.</summary>
public interface IObjectContext
{
    /// <summary>The object's identity in the cluster.</summary>
    string ObjectId { get; }

    /// <summary>The name of the object's type; empty for an object that no type recognizes.</summary>
    string TypeName { get; }

    /// <summary>A logger scoped to the object.</summary>
    ILogger Logger { get; }

    /// <summary>The arguments of a named object, else the section <c>Wharf:Plugins:Settings:{type name}</c> of the server's configuration.</summary>
    IConfiguration Configuration { get; }

    /// <summary>The services that the plugin registered, and the server's logger factory, clock and configuration.</summary>
    IServiceProvider Services { get; }

    /// <summary>The clock to use.</summary>
    TimeProvider TimeProvider { get; }

    /// <summary>Makes tables.</summary>
    ITableFactory Tables { get; }

    /// <summary>The named fields of the cluster, which every session sees.</summary>
    IFieldPublisher Fields { get; }

    /// <summary>Cancelled when the object is disposed or the server stops.</summary>
    CancellationToken Stopping { get; }

    /// <summary>Runs work in the object's turn: never beside a message handler of a serial object.</summary>
    /// <remarks>
    /// Inside a turn, the work runs after that turn, which must not wait for it. If the turn has not returned after 200 ms, the task fails with
    /// FAILED_PRECONDITION. The work stays in the queue. Code that starts in a turn and continues after it may wait.
    /// </remarks>
    /// <param name="work">The work; its token is cancelled when the object is disposed.</param>
    /// <param name="cancellationToken">Gives up waiting for the turn; work that has begun is not interrupted.</param>
    /// <returns>Completes when the work has, with its failure if it failed.</returns>
    /// <exception cref="PluginException">FAILED_PRECONDITION: a turn waits for work that begins after it.</exception>
    Task PostAsync(Func<CancellationToken, ValueTask> work, CancellationToken cancellationToken = default);

    /// <summary>Starts a timer whose ticks run in the object's turn. A tick that comes due during another is not made up for.</summary>
    /// <param name="dueTime">The time until the first tick.</param>
    /// <param name="period">The time between ticks, or <see cref="Timeout.InfiniteTimeSpan"/> for one tick only.</param>
    /// <param name="tick">What to run. What it throws is logged; the next tick comes all the same.</param>
    /// <returns>Disposing it stops the timer; the object's own end does too.</returns>
    IAsyncDisposable StartTimer(TimeSpan dueTime, TimeSpan period, Func<CancellationToken, ValueTask> tick);
}

/// <summary>An object that wants its surroundings: implemented by plugin objects that need a logger, timers or tables of their own.</summary>
/// <remarks>An object that is <see cref="IAsyncDisposable"/> or <see cref="IDisposable"/> is disposed exactly once, in its turn, when the last holder lets go of it.</remarks>
public interface IObjectLifetime
{
    /// <summary>Called once, before the first stream, when the object becomes reachable.</summary>
    /// <param name="context">The object's surroundings.</param>
    /// <param name="cancellationToken">Cancelled when the server stops.</param>
    /// <returns>Completes when the object is ready.</returns>
    ValueTask OnLiveAsync(IObjectContext context, CancellationToken cancellationToken);
}
