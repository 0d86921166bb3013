using Grpc.Core;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Client.Tests;

public sealed class NamedObjects
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_object_is_found_by_its_name()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        Assert.Equal(new TypedTicket(new ScopeTicket("echo"), "Echo"), await session.ExportableObjects.FindAsync("echo", Cancelled));
        Assert.Equal(new TypedTicket(new ScopeTicket("echo"), "Echo"), await session.ExportableObjects.WaitForAsync("echo", Cancelled));
    }

    [Theory]
    [InlineData("ech")]
    [InlineData("app/demo/field/echo")]
    public async Task A_name_that_is_not_there_is_an_error_that_tells_those_that_are(string name)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var error = await Assert.ThrowsAsync<WharfException>(() => session.ExportableObjects.FindAsync(name, Cancelled));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Equal("existing names: echo", error.Advice);
    }

    [Fact]
    public async Task A_list_that_the_server_refuses_is_its_error()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        server.Refuses = StatusCode.Unauthenticated;
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<WharfException>(() => session.ExportableObjects.ListAsync(Cancelled))).StatusCode);
    }

    [Fact]
    public async Task An_object_without_a_conversation_is_read_whole()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var message = await session.FetchObjectAsync(new(new ScopeTicket("report"), "Report"), Cancelled);
        Assert.Equal("whole"u8, message.Payload.Span);
        Assert.Equal([new(new ExportTicket(-7), "Table")], message.References);
    }

    [Fact]
    public void Shared_tickets_are_not_alike_and_have_a_text_to_hand_on()
    {
        var ticket = Session.NewSharedTicket();
        Assert.NotEqual(ticket, Session.NewSharedTicket());
        Assert.Equal(ticket, Ticket.ParseCanonical(ticket.Canonical));
    }
}
