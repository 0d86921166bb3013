using Apache.Arrow;
using Apache.Arrow.Types;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Client;
using Wharf.Protocol;
using Field = Apache.Arrow.Field;
using StatusCode = Grpc.Core.StatusCode;
using Table = Wharf.Client.Table;

namespace Wharf.Security;

/// <summary>A session that exceeds a memory budget gets RESOURCE_EXHAUSTED; the others continue, and what is released can be used again.</summary>
public sealed class MemoryBudgets
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public async Task Tables_past_the_budget_are_refused_until_some_are_released()
    {
        await using var server = await GuardedServer.StartAsync(options => options.Settings["Wharf:Memory:SessionTableBytes"] = $"{32 * Mebibyte}");
        await using var greedy = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();
        var rows = await greedy.EmptyTableAsync(1_000_000, GuardedServer.Cancelled);
        var tables = new List<Table>();

        var refused = await RefusedAsync(async () =>
        {
            for (int n = 0; n < 10; n++)
                tables.Add(await rows.UpdateAsync([$"A = ii + {n}"], GuardedServer.Cancelled));
        });

        Assert.Contains("Wharf:Memory:SessionTableBytes", refused.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(tables.Count, 2, 4);
        var others = await other.EmptyTableAsync(1_000_000, GuardedServer.Cancelled);
        await others.UpdateAsync(["A = ii", "B = ii"], GuardedServer.Cancelled);
        foreach (var table in tables)
            await greedy.ReleaseAsync(table.Ticket, GuardedServer.Cancelled);
        await rows.UpdateAsync(["A = ii", "B = ii"], GuardedServer.Cancelled);
    }

    [Fact]
    public async Task Columns_that_tables_share_count_once()
    {
        await using var server = await GuardedServer.StartAsync(options => options.Settings["Wharf:Memory:SessionTableBytes"] = $"{32 * Mebibyte}");
        await using var session = await server.ConnectAsync();
        var rows = await session.EmptyTableAsync(2_000_000, GuardedServer.Cancelled);
        var sums = await rows.UpdateAsync(["A = ii"], GuardedServer.Cancelled);

        for (int n = 0; n < 20; n++)
            await sums.UpdateAsync([$"B = {n}"], GuardedServer.Cancelled);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(200, false)]
    public async Task An_upload_past_the_budget_ends_with_the_setting_in_the_text(int batches, bool isTaken)
    {
        await using var server = await GuardedServer.StartAsync(options => options.Settings["Wharf:Memory:SessionUploadBytes"] = $"{16 * Mebibyte}");
        await using var session = await server.ConnectAsync();
        var schema = new Schema([new Field("A", Int64Type.Default, true)], null);
        var batch = new RecordBatch(schema, [new Int64Array.Builder().AppendRange(Enumerable.Range(0, 50_000).Select(static row => (long)row)).Build()], 50_000);

        if (isTaken)
        {
            Assert.Equal(batches * 50_000, (await session.ImportAsync(schema, Enumerable.Repeat(batch, batches), GuardedServer.Cancelled)).Size);
            return;
        }

        var refused = await RefusedAsync(() => session.ImportAsync(schema, Enumerable.Repeat(batch, batches), GuardedServer.Cancelled));
        Assert.Contains("Wharf:Memory:SessionUploadBytes", refused.Status.Detail, StringComparison.Ordinal);
        // All of it was returned.
        await session.ImportAsync(schema, Enumerable.Repeat(batch, 8), GuardedServer.Cancelled);
    }

    [Fact]
    public async Task Uploads_at_once_are_limited_for_each_session()
    {
        await using var server = await GuardedServer.StartAsync(options => options.Settings["Wharf:Memory:SessionUploads"] = "2");
        await using var greedy = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();
        HeldUpload[] uploads = [new(greedy), new(greedy), new(greedy)];

        var ended = await Task.WhenAny(uploads.Select(static upload => upload.Done));

        var refused = await RefusedAsync(() => ended);
        Assert.Contains("Wharf:Memory:SessionUploads", refused.Status.Detail, StringComparison.Ordinal);
        await new HeldUpload(other).EndAsync();
        foreach (var upload in uploads.Where(upload => upload.Done != ended))
            await upload.EndAsync();
        await new HeldUpload(greedy).EndAsync();
    }

    [Fact]
    public async Task A_client_that_reads_nothing_is_ended_by_the_budget_of_its_session()
    {
        CountedRefusals? refusals = null;
        await using var server = await GuardedServer.StartAsync(
            options => options.Settings["Wharf:Memory:SessionQueueBytes"] = $"{4 * Mebibyte}", services => CountedRefusals.AddTo(services, created => refusals = created));
        await using var greedy = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();
        await using var healthy = await EchoAsync(other);
        await using var unread = await EchoAsync(greedy);

        // The server reads on until the budget is used up. What it still has to send then keeps the client's last message from being read.
        var sending = SendAsync();
        await refusals!.FirstAsync(GuardedServer.Cancelled);

        var refused = await RefusedAsync(async () =>
        {
            await foreach (var _ in unread.ReadAllAsync(GuardedServer.Cancelled))
            {
            }
        });
        await Record.ExceptionAsync(() => sending);

        Assert.Contains("Wharf:Memory:SessionQueueBytes", refused.Status.Detail, StringComparison.Ordinal);
        for (int n = 0; n < 10; n++)
        {
            await healthy.SendAsync(new byte[Mebibyte], cancellationToken: GuardedServer.Cancelled);
            Assert.Equal(Mebibyte, (await healthy.ReadAsync(GuardedServer.Cancelled))!.Payload.Length);
        }

        async Task SendAsync()
        {
            for (int sent = 0; sent < 100; sent++)
                await unread.SendAsync(new byte[Mebibyte], cancellationToken: GuardedServer.Cancelled);
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(8, false)]
    public async Task The_body_of_a_call_is_held_within_the_budget(int mebibytes, bool isHeld)
    {
        await using var server = await GuardedServer.StartAsync(options => options.Settings["Wharf:Memory:SessionQueueBytes"] = $"{4 * Mebibyte}");
        using var channel = server.OpenChannel();
        var credentials = new Metadata { { "authorization", $"{LoginSchemes.PreSharedKey} {GuardedServer.Key}" } };
        var console = new Protocol.Grpc.TableService.TableServiceClient(channel);
        var request = new Protocol.Grpc.SelectOrUpdateRequest
        {
            ResultId = Export(1), SourceId = new Protocol.Grpc.TableReference { Ticket = Export(2) }, ColumnSpecs = { new string('x', (int)(mebibytes * Mebibyte)) },
        };

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(GuardedServer.Cancelled);
        if (isHeld)
            limit.CancelAfter(TimeSpan.FromSeconds(1));
        var failed = await Assert.ThrowsAsync<RpcException>(() => console.UpdateAsync(request, credentials, cancellationToken: limit.Token).ResponseAsync);

        // What fits waits for its source.
        Assert.Equal(isHeld ? StatusCode.Cancelled : StatusCode.ResourceExhausted, failed.StatusCode);
    }

    [Fact]
    public async Task A_full_server_refuses_new_work_and_still_releases_renews_and_closes()
    {
        // The test process itself uses more than the limit.
        var ballast = new byte[100 * Mebibyte];
        ballast.AsSpan().Fill(1);
        await using var server = await GuardedServer.StartAsync(options => options.Settings["Wharf:Memory:LimitBytes"] = $"{64 * Mebibyte}");
        await using var session = await server.ConnectAsync();

        var refused = await RefusedAsync(() => session.EmptyTableAsync(10, GuardedServer.Cancelled));

        Assert.Contains("Wharf:Memory:RefuseAtPercent", refused.Status.Detail, StringComparison.Ordinal);
        await using var echo = await EchoAsync(session);
        await session.RenewAsync(GuardedServer.Cancelled);
        var held = await session.ExportFromTicketAsync(new ScopeTicket("echo"), GuardedServer.Cancelled);
        await session.ReleaseAsync(held, GuardedServer.Cancelled);
        Assert.StartsWith("Degraded", await ReadinessAsync(server), StringComparison.Ordinal);
        await session.CloseAsync(GuardedServer.Cancelled);
        GC.KeepAlive(ballast);
    }

    [Fact]
    public async Task A_server_with_room_is_ready()
    {
        await using var server = await GuardedServer.StartAsync();

        Assert.Equal("Healthy", await ReadinessAsync(server));
    }

    [Theory]
    [InlineData("Wharf:Memory:RefuseAtPercent", "100")]
    [InlineData("Wharf:Memory:SessionUploads", "0")]
    [InlineData("Wharf:Memory:SessionTableBytes", "1")]
    public async Task A_budget_that_cannot_work_ends_the_start(string setting, string value)
    {
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => GuardedServer.StartAsync(options => options.Settings[setting] = value));

        Assert.Contains(setting, failed.Message, StringComparison.Ordinal);
    }

    private static Protocol.Grpc.Ticket Export(int id) => new() { Ticket_ = ByteString.CopyFrom(new ExportTicket(id).ToBytes()) };

    private static async Task<string> ReadinessAsync(GuardedServer server)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(server.Address, "/health/ready"), GuardedServer.Cancelled);
    }

    private static async Task<PluginClient> EchoAsync(Session session)
    {
        var echo = await PluginClient.ConnectAsync(session, new TypedTicket(new ScopeTicket("echo"), "Echo"), GuardedServer.Cancelled);
        await echo.ReadAsync(GuardedServer.Cancelled);
        return echo;
    }

    private static async Task<WharfException> RefusedAsync(Func<Task> run)
    {
        var refused = await Assert.ThrowsAsync<WharfException>(run);
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        return refused;
    }

    /// <summary>An upload that sends a row now and then until it is ended.</summary>
    private sealed class HeldUpload
    {
        private static readonly Schema Schema = new([new Field("A", Int64Type.Default, true)], null);

        private readonly TaskCompletionSource _end = new();

        public HeldUpload(Session session) => Done = session.ImportAsync(Schema, BatchesAsync(), GuardedServer.Cancelled);

        public Task<Table> Done { get; }

        public Task EndAsync()
        {
            _end.TrySetResult();
            return Done;
        }

        private async IAsyncEnumerable<RecordBatch> BatchesAsync()
        {
            do
            {
                yield return new RecordBatch(Schema, [new Int64Array.Builder().Append(1).Build()], 1);
                await Task.WhenAny(_end.Task, Task.Delay(TimeSpan.FromMilliseconds(20), GuardedServer.Cancelled));
            }
            while (!_end.Task.IsCompleted);
        }
    }
}
