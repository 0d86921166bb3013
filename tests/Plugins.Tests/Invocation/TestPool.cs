using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Tests.Invocation;

/// <summary>Pools for tests, and the only clock of theirs that is real: how long a test waits before it is called a failure.</summary>
internal static class TestPool
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static PluginPool Create(int maxThreads = 256, int minThreads = 4, TimeSpan? idleTime = null, TurnGate? gate = null, bool inlineTurns = true, IThreadReplacement? replacement = null) => new(
        new PluginPoolOptions { MaxThreads = maxThreads, MinThreads = minThreads, IdleTime = idleTime ?? TimeSpan.FromSeconds(20), InlineTurns = inlineTurns },
        new PluginInstruments(new TestMeters()),
        NullLogger<PluginPool>.Instance) { Gate = gate, Replacement = replacement };

    /// <summary>Waits for what no event tells, such as a thread having gone.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public static Task InTimeAsync(this Task task) => task.WaitAsync(Patience);

    public static Task<T> InTimeAsync<T>(this Task<T> task) => task.WaitAsync(Patience);
}

internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        Meter meter = new(options.Name, options.Version, options.Tags, scope: this);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
