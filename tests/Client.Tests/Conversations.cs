using System.Text;
using Grpc.Core;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;

namespace Wharf.Client.Tests;

public sealed class Conversations
{
    private static readonly TypedTicket Echo = new(new ScopeTicket("echo"), "Echo");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_conversation_begins_with_connect_and_ends_when_both_sides_are_done()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var echo = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        Assert.True((await echo.ReadAsync(Cancelled))!.Payload.IsEmpty);
        var references = new TypedTicket[] { new(new ExportTicket(7), "Table"), new(new ScopeTicket("x"), "") };
        await echo.SendAsync("one"u8.ToArray(), references, Cancelled);
        await echo.SendAsync("two"u8.ToArray(), cancellationToken: Cancelled);
        await echo.CompleteAsync(Cancelled);
        await echo.CompleteAsync(Cancelled);

        List<ServerMessage> answers = [];
        await foreach (var answer in echo.ReadAllAsync(Cancelled))
            answers.Add(answer);
        Assert.Equal(["one", "two"], answers.Select(answer => Encoding.UTF8.GetString(answer.Payload.Span)));
        Assert.Equal([new(new ExportTicket(-1), "Table"), new(new ExportTicket(-2), "")], answers[0].References);

        var requests = server.Requests.OfType<StreamRequest>().ToArray();
        Assert.Equal("Echo", requests[0].Connect.SourceId.Type);
        Assert.Equal(Echo.Ticket, Protocol.Ticket.Parse(requests[0].Connect.SourceId.Ticket.Ticket_.Span));
        Assert.Equal([new ExportTicket(7), new ScopeTicket("x")], requests[1].Data.References.Select(reference => Protocol.Ticket.Parse(reference.Ticket.Ticket_.Span)));
        Assert.Equal(3, requests.Length);
    }

    [Fact]
    public async Task Messages_of_many_threads_all_arrive()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var echo = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await echo.ReadAsync(Cancelled);
        var sent = Enumerable.Range(0, 200).Select(number => $"message {number}").ToArray();
        await Parallel.ForEachAsync(sent, Cancelled, async (text, token) => await echo.SendAsync(Encoding.UTF8.GetBytes(text), cancellationToken: token));
        await echo.CompleteAsync(Cancelled);
        List<string> answers = [];
        await foreach (var answer in echo.ReadAllAsync(Cancelled))
            answers.Add(Encoding.UTF8.GetString(answer.Payload.Span));
        Assert.Equal(sent.Order(StringComparer.Ordinal), answers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_message_larger_than_the_transports_usual_limit_passes()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var echo = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await echo.ReadAsync(Cancelled);
        var large = new byte[20 << 20];
        Random.Shared.NextBytes(large);
        var sent = echo.SendAsync(large, cancellationToken: Cancelled);
        Assert.True((await echo.ReadAsync(Cancelled))!.Payload.Span.SequenceEqual(large));
        await sent;
    }

    [Fact]
    public async Task The_objects_error_is_read_and_sending_afterwards_fails()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var echo = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await echo.ReadAsync(Cancelled);
        await echo.SendAsync("fail"u8.ToArray(), cancellationToken: Cancelled);
        var error = await Assert.ThrowsAsync<WharfException>(() => echo.ReadAsync(Cancelled));
        Assert.Equal((Grpc.Core.StatusCode.InvalidArgument, "as asked"), (error.StatusCode, error.Status.Detail));
        var later = await Assert.ThrowsAsync<WharfException>(() => echo.SendAsync("x"u8.ToArray(), cancellationToken: Cancelled));
        Assert.Equal((Grpc.Core.StatusCode.InvalidArgument, "as asked", Echo.Ticket), (later.StatusCode, later.Status.Detail, later.Ticket));
    }

    [Fact]
    public async Task A_send_that_loses_the_race_against_the_end_of_the_stream_reports_the_status_of_the_end()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var echo = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await echo.ReadAsync(Cancelled);
        var reading = echo.ReadAsync(Cancelled);
        await echo.SendAsync("status 7"u8.ToArray(), cancellationToken: Cancelled);
        var error = await Assert.ThrowsAsync<WharfException>(async () =>
        {
            while (true)
                await echo.SendAsync("status 7"u8.ToArray(), cancellationToken: Cancelled);
        });
        Assert.Equal((Grpc.Core.StatusCode.PermissionDenied, "as asked"), (error.StatusCode, error.Status.Detail));
        await Assert.ThrowsAsync<WharfException>(() => reading);
    }

    [Fact]
    public async Task A_disposed_conversation_and_a_completed_one_refuse_a_message_with_the_reason()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var disposed = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await disposed.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => disposed.SendAsync("x"u8.ToArray(), cancellationToken: Cancelled));

        await using var completed = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await completed.CompleteAsync(Cancelled);
        var error = await Assert.ThrowsAsync<WharfException>(() => completed.SendAsync("x"u8.ToArray(), cancellationToken: Cancelled));
        Assert.Equal((Grpc.Core.StatusCode.FailedPrecondition, "the client has completed the conversation"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task A_conversation_that_the_server_cancels_is_the_servers_error_and_not_a_cancellation_of_ours()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var echo = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await echo.ReadAsync(Cancelled);
        await echo.SendAsync("close"u8.ToArray(), cancellationToken: Cancelled);
        var error = await Assert.ThrowsAsync<WharfException>(() => echo.ReadAsync(Cancelled));
        Assert.Equal((Grpc.Core.StatusCode.Cancelled, "Session closed"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task Sending_to_an_object_that_has_ended_the_conversation_says_so()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var echo = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await echo.ReadAsync(Cancelled);
        await echo.SendAsync("end"u8.ToArray(), cancellationToken: Cancelled);
        Assert.Null(await echo.ReadAsync(Cancelled));
        await Assert.ThrowsAsync<WharfException>(() => echo.SendAsync("x"u8.ToArray(), cancellationToken: Cancelled));
    }

    [Fact]
    public async Task A_conversation_that_is_disposed_of_ends_at_the_server_at_once()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var echo = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await echo.ReadAsync(Cancelled);
        await echo.DisposeAsync();
        await server.StreamCancelled.Task.WaitAsync(Cancelled);
    }

    [Fact]
    public async Task A_reader_that_gives_up_sees_its_own_cancellation()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var echo = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await echo.ReadAsync(Cancelled);
        using var giveUp = new CancellationTokenSource();
        var waiting = echo.ReadAsync(giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_conversation_has_one_reader_at_a_time()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var echo = await PluginClient.ConnectAsync(session, Echo, Cancelled);
        await echo.ReadAsync(Cancelled);
        var waiting = echo.ReadAsync(Cancelled);
        await Assert.ThrowsAsync<InvalidOperationException>(() => echo.ReadAsync(Cancelled));
        await echo.SendAsync("x"u8.ToArray(), cancellationToken: Cancelled);
        Assert.NotNull(await waiting);
    }
}
