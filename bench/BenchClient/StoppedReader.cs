using System.Buffers.Binary;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>Measures the effect of a client that does not read its stream: on the latency of other clients, and on the memory of the servers.</summary>
/// <param name="address">The address of the server.</param>
/// <param name="login">The value of the <c>authorization</c> header.</param>
/// <param name="name">The name of the object.</param>
/// <param name="type">The type of the object.</param>
/// <param name="streams">The number of other streams.</param>
/// <param name="connections">The number of their connections.</param>
/// <param name="isBounded">Whether the server is expected to end the unread stream.</param>
/// <param name="servers">The ids of the server processes.</param>
internal sealed class StoppedReader(Uri address, string login, string name, string type, int streams, int connections, bool isBounded, int[] servers)
{
    // The number of messages of each round for the unread stream.
    private const int Share = 256;
    private const int PushedBytes = 1024;
    private const int SaidBytes = 16 * 1024;

    private static readonly TimeSpan Nap = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Measures with an unread stream to which the object pushes many more messages than to the others.</summary>
    public async Task<StoppedReaderFigures> PushedAsync(TimeSpan time)
    {
        await using var others = await Pushing.OpenAsync(address, login, name, type, streams, connections, PushedBytes);
        return await MeasureAsync(async duration => (await others.RunAsync(inFlight: 4, duration)).Latencies, TakeAsync, time);
    }

    /// <summary>Measures with a client that sends messages without reading the replies, while the others read each reply.</summary>
    public async Task<StoppedReaderFigures> AnsweredAsync(TimeSpan time)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Connection.LoginAsync(address, login)));
        var targets = all.Select(connection => new NamedObject(connection, name, type)).ToArray();
        var result = await MeasureAsync(TalkAsync, SayAsync, time);
        foreach (var connection in all)
            await connection.DisposeAsync();
        return result;

        async Task<Durations> TalkAsync(TimeSpan duration)
        {
            var each = await Task.WhenAll(Enumerable.Range(0, streams).Select(n => Task.Run(() => Echo.PingPongAsync(targets[n % connections], 100, duration))));
            var trips = new Durations();
            foreach (var one in each)
                trips.Add(one);
            return trips;
        }
    }

    // Measures twice: without the stopped reader, and with it.
    private async Task<StoppedReaderFigures> MeasureAsync(
        Func<TimeSpan, Task<Durations>> others, Func<NamedObject, CancellationToken, Task<int>> stopped, TimeSpan time)
    {
        await using var connection = await Connection.LoginAsync(address, login);
        await others(time / 4);
        var first = await SettleAsync();
        var (without, usual) = await WatchAsync(() => others(time));
        var second = await SettleAsync();

        using var enough = new CancellationTokenSource();
        var standing = stopped(new NamedObject(connection, name, type), enough.Token);
        var (with, peak) = await WatchAsync(() => others(time));
        var third = await SettleAsync();
        await enough.CancelAsync();
        return new StoppedReaderFigures(
            new StoppedReaderCost(without, Most(second, first), Most(usual, first)), new StoppedReaderCost(with, Most(third, second), Most(peak, second)), await standing);
    }

    // Stops for a while, reads until the stream has ended, and opens another one.
    private async Task<int> TakeAsync(NamedObject target, CancellationToken enough)
    {
        var share = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(share, Share);
        var told = 0;
        while (!enough.IsCancellationRequested)
        {
            using var call = await target.OpenAsync();
            await call.RequestStream.WriteAsync(new StreamRequest { Data = new ClientData { Payload = ByteString.CopyFrom(share) } }, CancellationToken.None);
            await StandStillAsync(isBounded ? Nap : Timeout.InfiniteTimeSpan, enough);
            if (!enough.IsCancellationRequested && await IsToldAsync(call))
                told++;
        }

        return told;
    }

    private static async Task<bool> IsToldAsync(AsyncDuplexStreamingCall<StreamRequest, StreamResponse> call)
    {
        using var patience = new CancellationTokenSource(Nap);
        try
        {
            while (await call.ResponseStream.MoveNext(patience.Token))
            {
                // Messages that were sent before the end.
            }

            return false;
        }
        catch (RpcException end)
        {
            return end.StatusCode == StatusCode.ResourceExhausted;
        }
    }

    private static async Task<int> SayAsync(NamedObject target, CancellationToken enough)
    {
        using var call = await target.OpenAsync();
        using var stop = enough.Register(call.Dispose);
        var message = Streams.Message(SaidBytes);
        try
        {
            while (!enough.IsCancellationRequested)
                await call.RequestStream.WriteAsync(message, CancellationToken.None);
        }
        catch (Exception) when (enough.IsCancellationRequested)
        {
            // The call is disposed.
        }

        return 0;
    }

    // Samples the maximum resident memory of each server while the others run.
    private async Task<(Durations Durations, long[] Peak)> WatchAsync(Func<Task<Durations>> run)
    {
        var peak = new long[servers.Length];
        var running = run();
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(LookEvery));
            for (var n = 0; n < servers.Length; n++)
                peak[n] = Math.Max(peak[n], ServerMemory.Resident(servers[n]));
        }

        return (await running, peak);
    }

    // The resident memory of each server after full collections.
    private Task<long[]> SettleAsync() => Task.WhenAll(servers.Select(server => new ServerMemory(server).SettleAsync()));

    private static long Most(long[] after, long[] before) => after.Zip(before, static (after, before) => after - before).Max();

    private static async Task StandStillAsync(TimeSpan time, CancellationToken enough)
    {
        try
        {
            await Task.Delay(time, enough);
        }
        catch (OperationCanceledException)
        {
            // The measurement has ended.
        }
    }
}

/// <summary>The results without and with a stopped reader.</summary>
/// <param name="Without">The results without.</param>
/// <param name="With">The results with it.</param>
/// <param name="Told">The number of streams that ended with RESOURCE_EXHAUSTED.</param>
internal sealed record StoppedReaderFigures(StoppedReaderCost Without, StoppedReaderCost With, int Told);

/// <summary>The results of one measurement.</summary>
/// <param name="Others">The latencies of the other streams.</param>
/// <param name="Kept">The growth of the resident memory of a server in bytes, after collections.</param>
/// <param name="Peak">The maximum growth of the resident memory in bytes, including garbage.</param>
internal sealed record StoppedReaderCost(Durations Others, long Kept, long Peak);
