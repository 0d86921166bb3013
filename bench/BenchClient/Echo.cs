using System.Diagnostics;
using Grpc.Core;

namespace Wharf.Bench;

/// <summary>Measures echoed messages, with one or many in flight.</summary>
internal static class Echo
{
    /// <summary>Measures the round trip of one message in flight on one stream.</summary>
    public static async Task<Durations> PingPongAsync(NamedObject target, int bytes, TimeSpan time)
    {
        var message = Streams.Message(bytes);
        var call = await target.OpenAsync();
        var trips = new Durations();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            var sent = Stopwatch.GetTimestamp();
            await call.RequestStream.WriteAsync(message);
            if (!await call.ResponseStream.MoveNext())
                throw new InvalidOperationException("the stream ended");
            trips.Add(Stopwatch.GetElapsedTime(sent));
        }

        await call.CloseAsync();
        return trips;
    }

    /// <summary>Measures the throughput of several streams with a window of messages in flight on each.</summary>
    /// <returns>The messages per second of all streams.</returns>
    public static async Task<double> WindowedAsync(NamedObject target, int streams, int window, int bytes, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(() => WindowedAsync(target, window, bytes, clock, time))));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private static async Task<long> WindowedAsync(NamedObject target, int window, int bytes, Stopwatch clock, TimeSpan time)
    {
        var message = Streams.Message(bytes);
        using var call = await target.OpenAsync();
        using var room = new SemaphoreSlim(window);
        var (sent, received) = (0L, 0L);
        var reader = Task.Run(async () =>
        {
            while (await call.ResponseStream.MoveNext())
            {
                received++;
                room.Release();
            }
        });
        while (clock.Elapsed < time)
        {
            await room.WaitAsync();
            await call.RequestStream.WriteAsync(message);
            sent++;
        }

        await call.RequestStream.CompleteAsync();
        await reader;
        return received == sent ? received : throw new InvalidOperationException($"{received} of {sent} messages were echoed");
    }
}
