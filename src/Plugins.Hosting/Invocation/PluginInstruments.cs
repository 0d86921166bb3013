using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Wharf.Plugins.Hosting;

/// <summary>
/// The instruments of plugin calls, under the meter <c>Wharf.Plugins</c>. Observable instruments read the current state on collection, so a turn without a listener
/// costs only the reading of the clock.
/// </summary>
public sealed class PluginInstruments
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Wharf.Plugins";

    private const string TypeTag = "wharf.object.type";
    private const string PoolTag = "wharf.pool.name";
    private const string StatusTag = "rpc.grpc.status_code";

    /// <summary>The running time after which a handler counts as blocked.</summary>
    private static readonly TimeSpan Blocked = TimeSpan.FromSeconds(1);

    /// <summary>Boundaries from 10 microseconds to 10 seconds; the default boundaries are for milliseconds.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
            [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _faults;
    private readonly ConcurrentQueue<PluginPool> _pools = new();

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">The factory of the application's meters.</param>
    public PluginInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _duration = _meter.CreateHistogram<double>("wharf.plugins.handler.duration", "s", "Duration of a call into a plugin.", advice: Seconds);
        _faults = _meter.CreateCounter<long>("wharf.plugins.faults", "{fault}", "Turns that ended with a fault.");
        ObservePools("wharf.pool.threads", "{thread}", "Dedicated threads of a pool.", static pool => pool.ThreadCount);
        ObservePools(
            "wharf.pool.busy", "{thread}", "Threads of the pool that run work, and threads outside of it that are blocked by inline handlers.",
            static pool => pool.BusyCount + pool.BlockedBorrowedCount);
        ObservePools("wharf.pool.queued", "{task}", "Tasks that wait for a thread of the pool.", static pool => pool.QueuedCount);

        void ObservePools(string name, string unit, string description, Func<PluginPool, int> measure) => _meter.CreateObservableUpDownCounter(
            name, () => _pools.Select(pool => new Measurement<int>(measure(pool), new KeyValuePair<string, object?>(PoolTag, pool.Name))), unit, description);
    }

    /// <summary>Adds observable instruments for queues.</summary>
    /// <param name="queues">Returns the queues that exist at the time of a collection.</param>
    public void Observe(Func<IEnumerable<TurnQueue>> queues)
    {
        Observe("wharf.plugins.queue.depth", "{turn}", "Turns that wait or run.", static queue => queue.Depth);
        Observe("wharf.plugins.handlers.blocked", "{handler}", "Handlers that have been running for more than a second.", static queue => queue.RunningFor > Blocked ? 1 : 0);
        Observe("wharf.plugins.handlers.stuck", "{handler}", "Handlers that are over their time limit and have not returned.", static queue => queue.IsStuck ? 1 : 0);

        void Observe(string name, string unit, string description, Func<TurnQueue, int> measure) =>
            _meter.CreateObservableUpDownCounter(name, () => ByType(queues(), measure), unit, description);
    }

    internal void Observe(PluginPool pool) => _pools.Enqueue(pool);

    internal bool TimesHandlers => _duration.Enabled;

    internal void HandlerReturned(string type, TimeSpan duration) => _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(TypeTag, type));

    internal void Fault(string type, int code)
    {
        if (_faults.Enabled)
            _faults.Add(1, new KeyValuePair<string, object?>(TypeTag, type), new KeyValuePair<string, object?>(StatusTag, code));
    }

    private static IEnumerable<Measurement<int>> ByType(IEnumerable<TurnQueue> queues, Func<TurnQueue, int> measure) =>
        queues.GroupBy(static queue => queue.TypeName, measure)
            .Select(static type => new Measurement<int>(type.Sum(), new KeyValuePair<string, object?>(TypeTag, type.Key)));
}
