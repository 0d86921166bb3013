using Grpc.Core;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Client.Tests;

public sealed class Sessions
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_call_carries_the_credentials_and_every_other_the_token_of_the_answer_before()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync(Credentials.PreSharedKey("a key"));
        await session.RenewAsync(Cancelled);
        await session.ReleaseAsync(new(1), Cancelled);
        Assert.Equal(
            [
                ("GetConfigurationConstants", LoginSchemes.PreSharedKey + " a key"),
                ("GetConfigurationConstants", "Bearer token-1"),
                ("Release", "Bearer token-2"),
            ],
            await server.TakeCallsAsync(3));
    }

    [Fact]
    public async Task The_token_of_a_streams_headers_is_taken_too()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await session.ListFieldsAsync(Cancelled);
        await session.RenewAsync(Cancelled);
        var calls = await server.TakeCallsAsync(3);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], calls.Skip(1).Select(call => call.Authorization));
    }

    [Fact]
    public async Task An_answer_without_a_token_is_no_login()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.GivesTokens = false;
        var error = await Assert.ThrowsAsync<WharfException>(() => server.ConnectAsync());
        Assert.Contains("authorization", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_login_is_the_servers_own_error()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Refuses = StatusCode.Unauthenticated;
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<WharfException>(() => server.ConnectAsync())).StatusCode);
    }

    [Theory]
    [InlineData("10000", 10_000)]
    [InlineData("300000", 300_000)]
    [InlineData(null, 10_000)]
    [InlineData("soon", 10_000)]
    [InlineData("-5", 10_000)]
    public async Task The_server_tells_how_long_a_session_lives(string? told, int milliseconds)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Duration = told;
        await using var session = await server.ConnectAsync();
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), session.Duration);
    }

    [Fact]
    public async Task The_session_is_renewed_after_half_its_life_again_and_again()
    {
        await using var server = await ScriptedServer.StartAsync();
        var time = new SignalledTimeProvider();
        await using var session = await server.ConnectAsync(time: time);
        await server.TakeCallsAsync(1);
        await time.TimerAsync();
        for (int round = 1; round <= 3; round++)
        {
            time.Advance(session.Duration / 2 - TimeSpan.FromMilliseconds(1));
            Assert.False(server.Calls.Reader.TryPeek(out _));
            time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal([("GetConfigurationConstants", $"Bearer token-{round}")], await server.TakeCallsAsync(1));
            await time.TimerAsync();
            await time.TimerAsync();
        }
    }

    [Fact]
    public async Task A_failed_renewal_is_tried_again_sooner()
    {
        await using var server = await ScriptedServer.StartAsync();
        var time = new SignalledTimeProvider();
        await using var session = await server.ConnectAsync(time: time);
        await server.TakeCallsAsync(1);
        await time.TimerAsync();
        server.Refuses = StatusCode.Unavailable;
        time.Advance(session.Duration / 2);
        foreach (var wait in new[] { 0.1, 1, 10 })
        {
            await server.TakeCallsAsync(1);
            await time.TimerAsync();
            await time.TimerAsync();
            time.Advance(TimeSpan.FromSeconds(wait));
        }
        await server.TakeCallsAsync(1);
        Assert.False(session.Ended.IsCancellationRequested);
        server.Refuses = StatusCode.OK;
    }

    [Fact]
    public async Task A_session_that_the_server_no_longer_knows_has_ended()
    {
        await using var server = await ScriptedServer.StartAsync();
        var time = new SignalledTimeProvider();
        await using var session = await server.ConnectAsync(time: time);
        await time.TimerAsync();
        server.Refuses = StatusCode.Unauthenticated;
        var ended = new TaskCompletionSource();
        await using var registration = session.Ended.Register(ended.SetResult);
        time.Advance(session.Duration / 2);
        await ended.Task.WaitAsync(Cancelled);
    }

    [Fact]
    public async Task A_session_is_closed_once()
    {
        await using var server = await ScriptedServer.StartAsync();
        var session = await server.ConnectAsync();
        await session.CloseAsync(Cancelled);
        await session.CloseAsync(Cancelled);
        await session.DisposeAsync();
        Assert.Single(server.Requests.OfType<HandshakeRequest>());
        Assert.True(session.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task A_server_that_does_not_close_the_session_is_an_error_when_closing_and_none_when_disposing()
    {
        await using var server = await ScriptedServer.StartAsync();
        var closed = await server.ConnectAsync();
        var disposed = await server.ConnectAsync();
        server.Refuses = StatusCode.Unavailable;
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<WharfException>(() => closed.CloseAsync(Cancelled))).StatusCode);
        await disposed.DisposeAsync();
        Assert.True(disposed.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Export_ids_count_up_from_one_and_are_given_out_once()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        Assert.Equal(1, session.NewExport().Id);
        var ids = new System.Collections.Concurrent.ConcurrentBag<int>();
        Parallel.For(0, 1000, _ => ids.Add(session.NewExport().Id));
        Assert.Equal(Enumerable.Range(2, 1000), ids.Order());
    }

    [Fact]
    public async Task Exports_are_made_released_and_published_by_their_tickets()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var export = await session.FetchAsync(new(new ScopeTicket("echo"), "Echo"), Cancelled);
        var shared = await session.PublishAsync((ExportTicket)export.Ticket, Cancelled);
        await session.PublishAsync(export.Ticket, new ScopeTicket("other"), Cancelled);
        await session.ReleaseAsync((ExportTicket)export.Ticket, Cancelled);

        Assert.Equal(new TypedTicket(new ExportTicket(1), "Echo"), export);
        Assert.Equal(16, shared.Id.Length);
        var exported = Assert.Single(server.Requests.OfType<ExportRequest>());
        Assert.Equal((new ScopeTicket("echo"), export.Ticket), (Read(exported.SourceId), Read(exported.ResultId)));
        Assert.Equal([shared, new ScopeTicket("other")], server.Requests.OfType<PublishRequest>().Select(request => Read(request.ResultId)));
        Assert.All(server.Requests.OfType<PublishRequest>(), request => Assert.Equal(export.Ticket, Read(request.SourceId)));
        Assert.Equal(export.Ticket, Read(Assert.Single(server.Requests.OfType<ReleaseRequest>()).Id));
    }

    [Fact]
    public async Task Fields_are_listed_once_or_watched()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var expected = new Field(new(new ScopeTicket("echo"), "Echo"), "echo", "query scope variable", "scope", "");
        Assert.Equal([expected], await session.ListFieldsAsync(Cancelled));
        await using var changes = session.WatchFieldsAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal([expected], changes.Current.Created);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal([expected], changes.Current.Removed);
    }

    [Fact]
    public async Task A_call_that_its_caller_gave_up_is_cancelled()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.RenewAsync(new CancellationToken(canceled: true)));
    }

    private static Protocol.Ticket Read(Protocol.Grpc.Ticket ticket) => Protocol.Ticket.Parse(ticket.Ticket_.Span);
}
