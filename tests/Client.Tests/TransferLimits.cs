using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Microsoft.Extensions.Time.Testing;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Client.Tests;

/// <summary>How long an upload or a download may go without a batch, by a clock that stands still until told.</summary>
public sealed class TransferLimits
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly Schema Numbers = new Schema.Builder().Field(field => field.Name("X").DataType(Int32Type.Default)).Build();

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_download_ends_when_no_batch_comes_and_each_batch_begins_the_limit_anew()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await ConnectAsync(server);
        await using var table = await session.ImportAsync(Numbers, [Batch(1), Batch(2), Batch(3)], Cancelled);
        server.Gate = new(initialCount: 2); // the schema and the first batch
        await using var batches = table.ReadBatchesAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await batches.MoveNextAsync());

        var second = batches.MoveNextAsync().AsTask();
        _time.Advance(Limit - Instant);
        Assert.False(second.IsCompleted);
        server.Gate.Release();
        Assert.True(await second);

        var third = batches.MoveNextAsync().AsTask();
        _time.Advance(Limit - Instant);
        Assert.False(third.IsCompleted);
        _time.Advance(Instant);
        var error = await Assert.ThrowsAsync<WharfException>(() => third);
        Assert.Equal((StatusCode.DeadlineExceeded, table.Ticket), (error.StatusCode, error.Ticket));
        Assert.False(string.IsNullOrEmpty(error.Advice));
        server.Gate = null;
    }

    [Fact]
    public async Task A_reader_may_take_its_time_over_a_batch()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await ConnectAsync(server);
        await using var table = await session.ImportAsync(Numbers, [Batch(1), Batch(2)], Cancelled);
        await using var batches = table.ReadBatchesAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await batches.MoveNextAsync());
        _time.Advance(2 * Limit);
        Assert.True(await batches.MoveNextAsync());
        Assert.Equal(2, ((Int32Array)batches.Current.Column(0)).GetValue(0));
        Assert.False(await batches.MoveNextAsync());
    }

    [Fact]
    public async Task A_reader_that_gives_up_a_download_sees_its_own_token_and_not_a_time_limit()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await ConnectAsync(server);
        await using var table = await session.ImportAsync(Numbers, [Batch(1)], Cancelled);
        server.Gate = new(initialCount: 0);
        using var giveUp = new CancellationTokenSource();
        var download = table.ToArrowAsync(giveUp.Token);
        await giveUp.CancelAsync();
        Assert.Equal(giveUp.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download)).CancellationToken);
        server.Gate = null;
    }

    [Fact]
    public async Task An_upload_ends_when_its_source_gives_no_batch_and_each_batch_begins_the_limit_anew()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await ConnectAsync(server);
        server.Gate = new(initialCount: 0); // so that it confirms nothing: a confirmation is a sign of life, too
        var source = new Source();
        var upload = session.ImportAsync(Numbers, source.ReadAsync(Cancelled), Cancelled);
        await source.Asked.WaitAsync(Cancelled);
        _time.Advance(Limit - Instant);
        source.Give.Release();
        await source.Asked.WaitAsync(Cancelled);
        _time.Advance(Limit - Instant);
        Assert.False(upload.IsCompleted);
        _time.Advance(Instant);
        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<WharfException>(() => upload)).StatusCode);
        server.Gate = null;
        Assert.Empty(server.Tables);
    }

    [Fact]
    public async Task An_upload_ends_when_the_server_does_not_confirm_it()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await ConnectAsync(server);
        server.Gate = new(initialCount: 0);
        var source = new Source();
        var upload = session.ImportAsync(Numbers, source.ReadAsync(Cancelled), Cancelled);
        await source.Asked.WaitAsync(Cancelled);
        source.IsOver = true;
        source.Give.Release();
        _time.Advance(Limit - Instant);
        Assert.False(upload.IsCompleted);
        _time.Advance(Instant);
        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<WharfException>(() => upload)).StatusCode);
        server.Gate = null;
    }

    private Task<Session> ConnectAsync(ScriptedServer server) =>
        ScriptedServer.ConnectAsync(Credentials.Anonymous, new() { HttpHandler = server.Transport(), TimeProvider = _time, TransferTimeout = Limit, CallTimeout = Timeout.InfiniteTimeSpan });

    private static RecordBatch Batch(int value) => new(Numbers, [new Int32Array.Builder().Append(value).Build()], 1);

    /// <summary>Gives a batch when it is told to. That it is asked for the next one shows that the client is done with the one before.</summary>
    private sealed class Source
    {
        public SemaphoreSlim Asked { get; } = new(0);

        public SemaphoreSlim Give { get; } = new(0);

        public bool IsOver { get; set; }

        public async IAsyncEnumerable<RecordBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            while (true)
            {
                Asked.Release();
                await Give.WaitAsync(cancellationToken);
                if (IsOver)
                    yield break;
                yield return Batch(1);
            }
        }
    }
}
