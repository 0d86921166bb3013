using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Wharf.Plugins.Hosting;

/// <summary>
/// What is measured of plugin calls, under the meter <c>Wharf.Plugins</c>. What can be looked up when somebody asks is not counted: a turn costs nothing but the
/// reading of the clock while nobody listens.
/// </summary>
public sealed class PluginInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Wharf.Plugins";

    private const string TypeTag = "wharf.object.type";
    private const string PoolTag = "wharf.pool.name";
    private const string StatusTag = "rpc.grpc.status_code";

    /// <summary>A handler that has been running for so long counts as blocked.</summary>
    private static readonly TimeSpan Blocked = TimeSpan.FromSeconds(1);

    /// <summary>Boundaries from 10 microseconds to 10 seconds; the default ones suit milliseconds.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
            [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _faults;
    private readonly ConcurrentQueue<PluginPool> _pools = new();

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">The application's meters.</param>
    public PluginInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _duration = _meter.CreateHistogram<double>("wharf.plugins.handler.duration", "s", "Duration of a call into a plugin.", advice: Seconds);
        _faults = _meter.CreateCounter<long>("wharf.plugins.faults", "{fault}", "Turns that ended with a fault.");
        ObservePools("wharf.pool.threads", "{thread}", "Threads of a pool of the server's own.", static pool => pool.ThreadCount);
        ObservePools("wharf.pool.busy", "{thread}", "Those of them that run something now, and those lent to the pool that are held up.", static pool => pool.BusyCount + pool.HeldUpGuestCount);
        ObservePools("wharf.pool.queued", "{task}", "Work that waits for one of them.", static pool => pool.QueuedCount);

        void ObservePools(string name, string unit, string description, Func<PluginPool, int> measure) => _meter.CreateObservableUpDownCounter(
            name, () => _pools.Select(pool => new Measurement<int>(measure(pool), new KeyValuePair<string, object?>(PoolTag, pool.Name))), unit, description);
    }

    /// <summary>Has queues looked at whenever somebody asks how they are.</summary>
    /// <param name="queues">All that there are, at the moment of asking.</param>
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
