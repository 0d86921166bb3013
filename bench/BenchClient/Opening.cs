using System.Diagnostics;

namespace Wharf.Bench;

/// <summary>Measures the time until a new stream has its first message, sequentially and concurrently.</summary>
internal static class Opening
{
    /// <summary>Opens streams sequentially; closing is not measured.</summary>
    public static async Task<Durations> SequentialAsync(NamedObject target, TimeSpan time)
    {
        var durations = new Durations();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            var begun = Stopwatch.GetTimestamp();
            var call = await target.OpenAsync();
            durations.Add(Stopwatch.GetElapsedTime(begun));
            await call.CloseAsync();
        }

        return durations;
    }

    /// <summary>Opens and closes streams in several concurrent loops.</summary>
    /// <returns>The streams opened and closed per second.</returns>
    public static async Task<double> ConcurrentAsync(NamedObject target, int atOnce, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(() => SequentialAsync(target, time))));
        return all.Sum(durations => durations.Count) / clock.Elapsed.TotalSeconds;
    }
}
