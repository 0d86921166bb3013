using System.Collections.Concurrent;
using System.Diagnostics;
using Apache.Arrow;
using Apache.Arrow.Types;
using Grpc.Core;
using Wharf.Client;

namespace Wharf.Bench.Churn;

/// <summary>Creates and ends sessions, streams, exports and uploads for a time. The memory of the server must not grow.</summary>
internal sealed class ChurnRun(ServerUnderTest server)
{
    // The first minutes fill bounded caches.
    private const double Allowed = 0.10;

    private readonly ConcurrentDictionary<string, long> _counts = new();

    /// <summary>Runs for a time, and reports every minute.</summary>
    /// <returns>Whether the resident memory at the end is at most 10 % above that after the first third.</returns>
    public async Task<bool> RunAsync(TimeSpan time)
    {
        using var over = new CancellationTokenSource();
        Task[] work =
        [
            Repeat("logins", LoginAsync, over.Token),
            Repeat("streams", StreamAsync, over.Token),
            Repeat("published", PublishAsync, over.Token),
            Repeat("broken uploads", BreakUploadAsync, over.Token),
            Repeat("exports", ExportAsync, over.Token),
            Repeat("killed clients", KillClientAsync, over.Token),
        ];
        var started = Stopwatch.StartNew();
        var minutes = new List<long>();
        while (started.Elapsed < time)
        {
            var rest = time - started.Elapsed;
            await Task.Delay(rest < TimeSpan.FromMinutes(1) ? rest : TimeSpan.FromMinutes(1));
            minutes.Add(server.Resident);
            Console.WriteLine($"{started.Elapsed:hh\\:mm\\:ss} resident {minutes[^1] >> 20} MiB; {string.Join(", ", _counts.OrderBy(static one => one.Key).Select(static one => $"{one.Key} {one.Value}"))}");
        }

        await over.CancelAsync();
        await Task.WhenAll(work);
        // The server keeps ended sessions and streams for half a minute.
        await Task.Delay(TimeSpan.FromSeconds(45));
        var (resident, heap) = await server.SettleAsync();
        Console.WriteLine($"settled: resident {resident >> 20} MiB, live heap {(heap is { } bytes ? $"{bytes / 1048576.0:F1} MiB" : "unknown")}");
        if (minutes.Count < 3)
            return true;
        var early = minutes[Math.Min(minutes.Count / 3, 9)];
        var last = minutes[^1];
        Console.WriteLine($"resident at the end {(double)(last - early) / early:+0.0%;-0.0%} of that after a third, at most {Allowed:0%}");
        return last <= early * (1 + Allowed);
    }

    private async Task Repeat(string name, Func<CancellationToken, Task> once, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await once(over);
                _counts.AddOrUpdate(name, 1, static (_, count) => count + 1);
            }
            catch (Exception failed) when (failed is RpcException or OperationCanceledException or IOException)
            {
                if (over.IsCancellationRequested)
                    return;
                _counts.AddOrUpdate($"{name} failed", 1, static (_, count) => count + 1);
                await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            }
        }
    }

    private async Task LoginAsync(CancellationToken over)
    {
        await using var session = await server.ConnectAsync(over);
    }

    private async Task StreamAsync(CancellationToken over)
    {
        await using var session = await server.ConnectAsync(over);
        for (var n = 0; n < 100 && !over.IsCancellationRequested; n++)
        {
            await using var echo = await PluginClient.ConnectAsync(session, ServerUnderTest.Named("echo", "Echo"), over);
            await echo.ReadAsync(over);
            await echo.SendAsync(new byte[1000], cancellationToken: over);
            await echo.ReadAsync(over);
        }
    }

    private async Task PublishAsync(CancellationToken over)
    {
        await using var publisher = await server.ConnectAsync(over);
        await using var reader = await server.ConnectAsync(over);
        for (var n = 0; n < 100 && !over.IsCancellationRequested; n++)
        {
            var table = await publisher.EmptyTableAsync(10, over);
            var shared = await publisher.PublishAsync(table.Ticket, over);
            var fetched = await reader.ExportFromTicketAsync(shared, over);
            await reader.ReleaseAsync(fetched, over);
            await publisher.ReleaseAsync(table.Ticket, over);
        }
    }

    private async Task BreakUploadAsync(CancellationToken over)
    {
        await using var session = await server.ConnectAsync(over);
        var schema = new Schema([new Apache.Arrow.Field("A", Int64Type.Default, true)], null);
        for (var n = 0; n < 20 && !over.IsCancellationRequested; n++)
        {
            using var broken = CancellationTokenSource.CreateLinkedTokenSource(over);
            try
            {
                await session.ImportAsync(schema, Batches(), broken.Token);
            }
            catch (OperationCanceledException) when (!over.IsCancellationRequested)
            {
                // The cancellation is intended.
            }

            async IAsyncEnumerable<RecordBatch> Batches()
            {
                for (var batch = 0; batch < 4; batch++)
                {
                    if (batch == 3)
                        await broken.CancelAsync();
                    broken.Token.ThrowIfCancellationRequested();
                    yield return new RecordBatch(schema, [new Int64Array.Builder().AppendRange(Enumerable.Range(0, 20_000).Select(static row => (long)row)).Build()], 20_000);
                }
            }
        }
    }

    private async Task ExportAsync(CancellationToken over)
    {
        await using var session = await server.ConnectAsync(over);
        for (var n = 0; n < 100 && !over.IsCancellationRequested; n++)
        {
            var rows = await session.EmptyTableAsync(10_000, over);
            var sums = await rows.UpdateAsync(["A = ii", "B = A * 2"], over);
            var few = await sums.WhereAsync(["A % 100 == 0"], over);
            foreach (var table in new[] { rows, sums, few })
                await session.ReleaseAsync(table.Ticket, over);
        }
    }

    /// <summary>Leaves a session with an open stream and a table, whose connection breaks.</summary>
    private async Task KillClientAsync(CancellationToken over)
    {
        using var transport = new SocketsHttpHandler();
        var session = await Session.ConnectAsync(server.Address, Credentials.PreSharedKey(server.Key), new SessionOptions { HttpHandler = transport }, cancellationToken: over);
        var echo = await PluginClient.ConnectAsync(session, ServerUnderTest.Named("echo", "Echo"), over);
        await echo.ReadAsync(over);
        await session.EmptyTableAsync(10, over);
        transport.Dispose();
        await echo.DisposeAsync();
        // The client's side ends; the server ends the session when its token expires.
        await session.DisposeAsync();
        // A session expires five minutes after its client has ended, and an address may have a thousand sessions.
        await Task.Delay(TimeSpan.FromSeconds(1), over);
    }
}
