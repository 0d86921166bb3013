using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins;

/// <summary>The context of a live object, for <see cref="ObjectType.CreateAsync"/> and <see cref="IObjectLifetime"/>. Valid until the object is disposed.</summary>
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

    /// <summary>Creates tables.</summary>
    ITableFactory Tables { get; }

    /// <summary>The named fields of the cluster, which every session sees.</summary>
    IFieldPublisher Fields { get; }

    /// <summary>Cancelled when the object is disposed or the server stops.</summary>
    CancellationToken Stopping { get; }

    /// <summary>Runs work in a turn of the object: never concurrently with a message handler of a serial object.</summary>
    /// <remarks>
    /// Inside a turn, the work runs after that turn, which must not wait for it. If the turn has not returned after 200 ms, the task fails with
    /// FAILED_PRECONDITION. The work stays in the queue. Code that starts in a turn and continues after it may wait.
    /// </remarks>
    /// <param name="work">The work; its token is cancelled when the object is disposed.</param>
    /// <param name="cancellationToken">Cancels the wait for the turn; work that has begun is not interrupted.</param>
    /// <returns>Completes with the outcome of the work.</returns>
    /// <exception cref="PluginException">FAILED_PRECONDITION: a turn waits for work that begins after it.</exception>
    Task PostAsync(Func<CancellationToken, ValueTask> work, CancellationToken cancellationToken = default);

    /// <summary>Starts a timer whose ticks run in turns of the object. A tick that is due during another tick is skipped.</summary>
    /// <param name="dueTime">The time until the first tick.</param>
    /// <param name="period">The time between ticks, or <see cref="Timeout.InfiniteTimeSpan"/> for one tick only.</param>
    /// <param name="tick">The callback. Its exceptions are logged and do not stop the timer.</param>
    /// <returns>The timer. It stops when it is disposed or the object ends.</returns>
    IAsyncDisposable StartTimer(TimeSpan dueTime, TimeSpan period, Func<CancellationToken, ValueTask> tick);
}

/// <summary>Implemented by plugin objects that need their context, for instance for a logger, timers or tables.</summary>
/// <remarks>An object that is <see cref="IAsyncDisposable"/> or <see cref="IDisposable"/> is disposed exactly once, in a turn, when its last holder releases it.</remarks>
public interface IObjectLifetime
{
    /// <summary>Called once, before the first stream, when clients can reach the object.</summary>
    /// <param name="context">The context of the object.</param>
    /// <param name="cancellationToken">Cancelled when the server stops.</param>
    /// <returns>Completes when the object is ready.</returns>
    ValueTask OnLiveAsync(IObjectContext context, CancellationToken cancellationToken);
}
