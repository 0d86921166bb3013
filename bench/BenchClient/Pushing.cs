using System.Buffers.Binary;
using System.Diagnostics;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>
/// Measures an object that sends to all its streams when it receives a request for a round. The first eight bytes of a message are the time at which it was sent, by the
/// monotonic clock of the machine (<see cref="Stopwatch.GetTimestamp"/>), which client and server share.
/// </summary>
internal sealed class Pushing : IAsyncDisposable
{
    private readonly List<Connection> _connections = [];
    private readonly List<AsyncDuplexStreamingCall<StreamRequest, StreamResponse>> _calls = [];
    private readonly SemaphoreSlim _roundsDone = new(0);
    private readonly List<Durations> _latencies = [];
    private readonly StreamRequest _round;
    private Task[] _readers = [];
    private int _missing;
    private long _received;

    private Pushing(int bytes) => _round = Streams.Message(bytes);

    /// <summary>Opens the streams, distributed evenly over the connections.</summary>
    public static async Task<Pushing> OpenAsync(Uri address, string login, string name, string type, int streams, int connections, int bytes)
    {
        var pushing = new Pushing(bytes);
        for (var i = 0; i < connections; i++)
        {
            var connection = await Connection.LoginAsync(address, login);
            pushing._connections.Add(connection);
            var target = new NamedObject(connection, name, type);
            for (var n = 0; n < streams / connections; n++)
                pushing._calls.Add(await target.OpenAsync());
        }

        pushing._missing = pushing._calls.Count;
        pushing._latencies.AddRange(pushing._calls.Select(_ => new Durations()));
        pushing._readers = [.. pushing._calls.Select((call, i) => Task.Run(() => pushing.ReadAsync(call, pushing._latencies[i])))];
        return pushing;
    }

    /// <summary>Requests rounds, with a number of them in flight.</summary>
    /// <returns>The messages per second of all streams, and their latencies from the object to the client.</returns>
    public async Task<(double Rate, Durations Latencies)> RunAsync(int inFlight, TimeSpan time)
    {
        foreach (var latencies in _latencies)
            latencies.Clear();
        var (before, clock, open) = (Interlocked.Read(ref _received), Stopwatch.StartNew(), 0);
        while (open > 0 || clock.Elapsed < time)
        {
            while (open < inFlight && clock.Elapsed < time)
            {
                await _calls[0].RequestStream.WriteAsync(_round);
                open++;
            }

            await _roundsDone.WaitAsync();
            open--;
        }

        var rate = (Interlocked.Read(ref _received) - before) / clock.Elapsed.TotalSeconds;
        var all = new Durations();
        foreach (var latencies in _latencies)
            all.Add(latencies);
        return (rate, all);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var call in _calls)
            await call.RequestStream.CompleteAsync();
        await Task.WhenAll(_readers);
        foreach (var connection in _connections)
            await connection.DisposeAsync();
    }

    private async Task ReadAsync(AsyncDuplexStreamingCall<StreamRequest, StreamResponse> call, Durations latencies)
    {
        while (await call.ResponseStream.MoveNext())
        {
            var pushed = BinaryPrimitives.ReadInt64LittleEndian(call.ResponseStream.Current.Data.Payload.Span);
            latencies.Add(Stopwatch.GetElapsedTime(pushed));
            Interlocked.Increment(ref _received);
            // A round is complete when as many messages as there are streams have arrived, on any streams.
            if (Interlocked.Decrement(ref _missing) == 0)
            {
                Interlocked.Add(ref _missing, _calls.Count);
                _roundsDone.Release();
            }
        }
    }
}
