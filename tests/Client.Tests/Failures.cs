using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Client.Tests;

/// <summary>Whatever the server says reaches the caller as one kind of exception, with the status, the text and what it was about.</summary>
public sealed class Failures
{
    private static readonly TypedTicket Echo = new(new ScopeTicket("echo"), "Echo");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<StatusCode> EveryStatus => [.. Enum.GetValues<StatusCode>().Where(status => status != StatusCode.OK)];

    [Theory]
    [MemberData(nameof(EveryStatus))]
    public async Task Every_status_of_a_call_arrives(StatusCode status)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        server.Refuses = status;
        var error = await Assert.ThrowsAsync<WharfException>(() => session.FetchAsync(Echo, Cancelled));
        Assert.Equal((status, "refused", Echo.Ticket), (error.StatusCode, error.Status.Detail, error.Ticket));
        Assert.Contains("scope/echo", error.Message, StringComparison.Ordinal);
        Assert.IsType<RpcException>(error.InnerException);
    }

    [Theory]
    [MemberData(nameof(EveryStatus))]
    public async Task Every_status_of_a_conversation_arrives_and_is_its_end(StatusCode status)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var echo = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await echo.ReadAsync(Cancelled);
        await echo.SendAsync(System.Text.Encoding.UTF8.GetBytes($"status {(int)status}"), cancellationToken: Cancelled);
        var error = await Assert.ThrowsAsync<WharfException>(() => echo.ReadAsync(Cancelled));
        Assert.Equal((status, "as asked", Echo.Ticket), (error.StatusCode, error.Status.Detail, error.Ticket));
        Assert.Equal(new ConversationEnd(status, "as asked"), await echo.Completion);
    }

    [Theory]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.DataLoss)]
    [InlineData(StatusCode.Unauthenticated)]
    public async Task Where_something_can_be_done_the_error_says_what(StatusCode status)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        server.Refuses = status;
        var error = await Assert.ThrowsAsync<WharfException>(() => session.EmptyTableAsync(1, Cancelled));
        Assert.False(string.IsNullOrEmpty(error.Advice));
        Assert.EndsWith(error.Advice, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_of_a_shared_ticket_is_not_in_the_error()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var secret = Session.NewSharedTicket();
        server.Refuses = StatusCode.NotFound;
        var error = await Assert.ThrowsAsync<WharfException>(() => session.ExportFromTicketAsync(secret, Cancelled));
        Assert.Equal(secret, error.Ticket);
        Assert.DoesNotContain(Convert.ToHexStringLower(secret.Id.Span), error.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_connection_that_breaks_ends_the_conversation_with_an_error_and_the_session_goes_on()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var echo = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await echo.ReadAsync(Cancelled);
        await echo.SendAsync("lose"u8.ToArray(), cancellationToken: Cancelled);
        await Assert.ThrowsAsync<WharfException>(() => echo.ReadAsync(Cancelled));
        Assert.NotEqual(StatusCode.OK, (await echo.Completion).Status);
        await session.RenewAsync(Cancelled);
        await using var again = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        Assert.NotNull(await again.ReadAsync(Cancelled));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_after_the_time_limit()
    {
        await using var server = await ScriptedServer.StartAsync();
        var time = new FakeTimeProvider();
        await using var session = await ScriptedServer.ConnectAsync(
            Credentials.Anonymous, new() { HttpHandler = server.Transport(), TimeProvider = time, CallTimeout = TimeSpan.FromSeconds(7) });
        await server.TakeCallsAsync(1);
        server.IsSilent = true;
        var fetched = session.FetchAsync(Echo, Cancelled);
        await server.TakeCallsAsync(1);
        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(fetched.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        var error = await Assert.ThrowsAsync<WharfException>(() => fetched);
        Assert.Equal((StatusCode.DeadlineExceeded, Echo.Ticket), (error.StatusCode, error.Ticket));
        server.IsSilent = false;
    }

    [Fact]
    public async Task A_caller_that_gives_up_sees_its_own_token_and_not_a_time_limit()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await server.TakeCallsAsync(1);
        server.IsSilent = true;
        using var giveUp = new CancellationTokenSource();
        var fetched = session.FetchAsync(Echo, giveUp.Token);
        await server.TakeCallsAsync(1);
        await giveUp.CancelAsync();
        Assert.Equal(giveUp.Token, (await Assert.ThrowsAsync<OperationCanceledException>(() => fetched)).CancellationToken);
        server.IsSilent = false;
    }

    [Fact]
    public async Task How_a_conversation_ended_is_told_for_every_way_to_end_it()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var ended = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await ended.ReadAsync(Cancelled);
        Assert.False(ended.Completion.IsCompleted);
        await ended.CompleteAsync(Cancelled);
        Assert.Null(await ended.ReadAsync(Cancelled));
        Assert.Equal(new ConversationEnd(StatusCode.OK, ""), await ended.Completion);
        await ended.DisposeAsync();
        Assert.Equal(StatusCode.OK, (await ended.Completion).Status);

        var disposed = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await disposed.DisposeAsync();
        Assert.Equal(new ConversationEnd(StatusCode.Cancelled, ""), await disposed.Completion);
    }
}
