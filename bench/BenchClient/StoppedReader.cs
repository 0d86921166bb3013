using System.Buffers.Binary;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>What it costs others that one client does not read what the server has for it: time, and the servers' memory.</summary>
/// <param name="address">Where clients come in.</param>
/// <param name="login">What they say.</param>
/// <param name="name">The object's name.</param>
/// <param name="type">Its type.</param>
/// <param name="streams">How many others there are.</param>
/// <param name="connections">On how many connections.</param>
/// <param name="isBounded">Whether the server is expected to end the stream of one that is pushed to.</param>
/// <param name="servers">The processes whose memory counts.</param>
internal sealed class StoppedReader(Uri address, string login, string name, string type, int streams, int connections, bool isBounded, int[] servers)
{
    // Of each round, and each message's length.
    private const int Share = 256;
    private const int PushedBytes = 1024;
    private const int SaidBytes = 16 * 1024;

    private static readonly TimeSpan Nap = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>One is pushed to, far more than the others.</summary>
    public async Task<StoppedReaderFigures> PushedAsync(TimeSpan time)
    {
        await using var others = await Pushing.OpenAsync(address, login, name, type, streams, connections, PushedBytes);
        return await MeasureAsync(async duration => (await others.RunAsync(inFlight: 4, duration)).Latencies, TakeAsync, time);
    }

    /// <summary>One says more and more without hearing the answers; the others wait for each of theirs.</summary>
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

    // The same twice, from the same start: without it and with it.
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

    // Stands still for a while, reads what there is, learns that it has lost its stream, and opens another.
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
                // What had been sent before the end.
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
            // The call is gone.
        }

        return 0;
    }

    // While this goes on: the most that each server has.
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

    // What each server has when its garbage is gone.
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
            // Enough.
        }
    }
}

/// <summary>The others and the servers, without a stopped reader and with one.</summary>
/// <param name="Without">What it costs without.</param>
/// <param name="With">What it costs with it.</param>
/// <param name="Told">How many times it was told that it had lost its stream, and why.</param>
internal sealed record StoppedReaderFigures(StoppedReaderCost Without, StoppedReaderCost With, int Told);

/// <summary>What the others' messages cost.</summary>
/// <param name="Others">How long each of them took.</param>
/// <param name="Kept">By how many bytes the resident memory of a server grew, garbage aside.</param>
/// <param name="Peak">By how many bytes it had grown at the most, garbage included.</param>
internal sealed record StoppedReaderCost(Durations Others, long Kept, long Peak);
