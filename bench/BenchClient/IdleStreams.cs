using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>Measures the memory of a server per idle stream.</summary>
internal static class IdleStreams
{
    private const int OpeningAtOnce = 10;

    /// <summary>Opens streams, distributed evenly over connections with a session each.</summary>
    /// <returns>The resident bytes of the server per stream, including its share of the connection and the session.</returns>
    public static async Task<double> MeasureAsync(Uri address, string login, string name, string type, int server, int streams, int connections)
    {
        var memory = new ServerMemory(server);
        // Exclude the memory that the server allocates once.
        await using (var first = await OpenAsync(address, login, name, type, streams / connections))
        {
        }

        var before = await memory.SettleAsync();
        var open = new List<OpenStreams>(connections);
        for (var at = 0; at < connections; at += OpeningAtOnce)
        {
            var some = Enumerable.Range(at, Math.Min(OpeningAtOnce, connections - at));
            open.AddRange(await Task.WhenAll(some.Select(_ => OpenAsync(address, login, name, type, streams / connections))));
        }

        var after = await memory.SettleAsync();
        await Task.WhenAll(open.Select(one => one.DisposeAsync().AsTask()));
        return (double)(after - before) / streams;
    }

    private static async Task<OpenStreams> OpenAsync(Uri address, string login, string name, string type, int count)
    {
        var connection = await Connection.LoginAsync(address, login);
        var target = new NamedObject(connection, name, type);
        var calls = new List<AsyncDuplexStreamingCall<StreamRequest, StreamResponse>>(count);
        for (var i = 0; i < count; i++)
            calls.Add(await target.OpenAsync());
        return new OpenStreams(connection, calls);
    }

    private sealed record OpenStreams(Connection Connection, List<AsyncDuplexStreamingCall<StreamRequest, StreamResponse>> Calls) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var call in Calls)
                await call.CloseAsync();
            await Connection.DisposeAsync();
        }
    }
}
