using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Apache.Arrow;
using Apache.Arrow.Types;
using Grpc.Core;
using Grpc.Net.Client;
using Wharf.Client;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Bench.Churn;

/// <summary>Single sessions allocate as much memory as the server permits, each in another way, beside a client with normal calls. Intended for a server with a small heap.</summary>
internal sealed class SiegeRun(ServerUnderTest server)
{
    private const int Bodies = 20, BodyBytes = 90 << 20;

    private readonly ConcurrentDictionary<string, long> _ends = new();
    private long _calls, _failed;
    private double _longest;

    /// <summary>Runs the attacks sequentially, then all at once.</summary>
    /// <returns>Whether each ended with RESOURCE_EXHAUSTED, and the healthy client had no failure.</returns>
    public async Task<bool> RunAsync(TimeSpan time)
    {
        (string Name, Func<CancellationToken, Task> Run)[] attacks =
        [
            ("tables", TablesAsync), ("texts", TextsAsync), ("upload", UploadAsync), ("unread streams", UnreadAsync), ("bodies", BodiesAsync),
        ];
        using var over = new CancellationTokenSource();
        var healthy = HealthyAsync(over.Token);
        foreach (var (name, run) in attacks)
        {
            using var limit = new CancellationTokenSource(time / (attacks.Length + 1));
            await AttackAsync(name, run, limit.Token);
            Console.WriteLine($"{name}: {Ends(name)}; resident {server.Resident >> 20} MiB; healthy: {_calls} calls, {_failed} failed, longest {_longest:F0} ms");
        }

        using (var limit = new CancellationTokenSource(time / (attacks.Length + 1)))
            await Task.WhenAll(attacks.Select(attack => AttackAsync("all: " + attack.Name, attack.Run, limit.Token)));
        foreach (var (name, _) in attacks)
            Console.WriteLine($"all: {name}: {Ends("all: " + name)}");
        await over.CancelAsync();
        await healthy;
        var (resident, heap) = await server.SettleAsync();
        Console.WriteLine($"healthy: {_calls} calls, {_failed} failed, longest {_longest:F0} ms; settled: resident {resident >> 20} MiB, live heap {heap >> 20} MiB");
        return _failed == 0 && _ends.Keys.All(static end => end.Contains(nameof(StatusCode.ResourceExhausted), StringComparison.Ordinal));
    }

    private string Ends(string name) => string.Join(", ", _ends.Where(end => end.Key.StartsWith(name + "|", StringComparison.Ordinal)).Select(static end => $"{end.Value} x {end.Key.Split('|', 2)[1]}"));

    private void End(string name, string end) => _ends.AddOrUpdate($"{name}|{end}", 1, static (_, count) => count + 1);

    private async Task AttackAsync(string name, Func<CancellationToken, Task> run, CancellationToken limit)
    {
        try
        {
            await run(limit);
            End(name, "no end");
        }
        catch (RpcException failed)
        {
            End(name, $"{failed.StatusCode} {failed.Status.Detail}");
        }
        catch (OperationCanceledException)
        {
            End(name, "not over in time");
        }
    }

    private async Task HealthyAsync(CancellationToken over)
    {
        await using var session = await server.ConnectAsync(over);
        await using var echo = await PluginClient.ConnectAsync(session, ServerUnderTest.Named("echo", "Echo"), over);
        await echo.ReadAsync(over);
        while (!over.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                await echo.SendAsync(new byte[100], cancellationToken: over);
                await echo.ReadAsync(over);
                await session.ListFieldsAsync(over);
                await session.RenewAsync(over);
            }
            catch (Exception failed) when (failed is RpcException or OperationCanceledException)
            {
                if (over.IsCancellationRequested)
                    return;
                _failed++;
                Console.WriteLine($"healthy: {failed.Message}");
                await Task.Delay(1000, CancellationToken.None);
            }

            _calls += 3;
            _longest = Math.Max(_longest, Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            await Task.Delay(10, CancellationToken.None);
        }
    }

    private async Task TablesAsync(CancellationToken limit)
    {
        await using var session = await server.ConnectAsync(limit);
        var rows = await session.EmptyTableAsync(1_000_000, limit);
        while (!limit.IsCancellationRequested)
            await rows.UpdateAsync(["A = ii", "B = ii * 2"], limit);
    }

    private async Task TextsAsync(CancellationToken limit)
    {
        await using var session = await server.ConnectAsync(limit);
        var rows = await session.EmptyTableAsync(2_000_000, limit);
        while (!limit.IsCancellationRequested)
            await rows.UpdateAsync([$"A = ii + `{new string('x', 500)}`"], limit);
    }

    private async Task UploadAsync(CancellationToken limit)
    {
        await using var session = await server.ConnectAsync(limit);
        var schema = new Schema([new Apache.Arrow.Field("A", Int64Type.Default, true)], null);
        var batch = new RecordBatch(schema, [new Int64Array.Builder().AppendRange(Enumerable.Range(0, 500_000).Select(static row => (long)row)).Build()], 500_000);
        await session.ImportAsync(schema, Batches(), limit);

        async IAsyncEnumerable<RecordBatch> Batches()
        {
            for (var n = 0; n < 1_000; n++)
            {
                await Task.Yield();
                yield return batch;
            }
        }
    }

    private async Task UnreadAsync(CancellationToken limit)
    {
        await using var session = await server.ConnectAsync(limit);
        await Task.WhenAny(Enumerable.Range(0, 100).Select(_ => UnreadStreamAsync(session, limit))).Unwrap();
    }

    private static async Task UnreadStreamAsync(Session session, CancellationToken limit)
    {
        await using var echo = await PluginClient.ConnectAsync(session, ServerUnderTest.Named("echo", "Echo"), limit);
        try
        {
            while (!limit.IsCancellationRequested)
                await echo.SendAsync(new byte[1 << 20], cancellationToken: limit);
        }
        catch (WharfException)
        {
            // The end of the conversation follows the unread messages.
            await foreach (var _ in echo.ReadAllAsync(limit))
            {
            }
        }
    }

    /// <summary>Sends incomplete requests: the last byte of each is not sent.</summary>
    private async Task BodiesAsync(CancellationToken limit)
    {
        using var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        using var http = new HttpClient(handler) { BaseAddress = server.Address };
        var token = await LoginAsync(limit);
        var answers = Enumerable.Range(0, Bodies).Select(_ => SendBodyAsync(http, token, limit)).ToList();
        var first = await Task.WhenAny(answers);
        throw new RpcException(await first);
    }

    private async Task<string> LoginAsync(CancellationToken limit)
    {
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var login = new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(
            new(), new Metadata { { "authorization", $"{LoginSchemes.PreSharedKey} {server.Key}" } }, cancellationToken: limit);
        await login;
        return (await login.ResponseHeadersAsync).GetValue("authorization")!;
    }

    private static async Task<Status> SendBodyAsync(HttpClient http, string authorization, CancellationToken limit)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/io.deephaven.proto.backplane.grpc.TableService/Batch")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new EndlessBody(BodyBytes, limit),
        };
        request.Headers.TryAddWithoutValidation("authorization", authorization);
        request.Headers.TryAddWithoutValidation("te", "trailers");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
        await response.Content.CopyToAsync(Stream.Null, limit);
        var headers = response.TrailingHeaders.Concat(response.Headers).ToLookup(static header => header.Key, static header => header.Value.First());
        return new Status((StatusCode)int.Parse(headers["grpc-status"].First()), Uri.UnescapeDataString(headers["grpc-message"].FirstOrDefault() ?? ""));
    }

    private sealed class EndlessBody : HttpContent
    {
        private readonly int _bytes;
        private readonly CancellationToken _limit;

        public EndlessBody(int bytes, CancellationToken limit)
        {
            (_bytes, _limit) = (bytes, limit);
            Headers.ContentType = new("application/grpc");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            byte[] prefix = [0, (byte)(_bytes >> 24), (byte)(_bytes >> 16), (byte)(_bytes >> 8), (byte)_bytes];
            await stream.WriteAsync(prefix, _limit);
            var piece = new byte[64 * 1024];
            for (var sent = 0; sent < _bytes - 1; sent += piece.Length)
                await stream.WriteAsync(piece.AsMemory(0, Math.Min(piece.Length, _bytes - 1 - sent)), _limit);
            await stream.FlushAsync(_limit);
            await Task.Delay(Timeout.Infinite, _limit);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
