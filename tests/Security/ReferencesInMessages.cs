using Grpc.Core;
using Wharf.Client;
using Wharf.Protocol;
using Wharf.Security.Authorization;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Security;

/// <summary>Objects that go along with messages: <c>echo</c> sends them back as exports, with which the caller can do everything.</summary>
public sealed class ReferencesInMessages(RestrictedServer server) : IClassFixture<RestrictedServer>
{
    private static CancellationToken Cancelled => GuardedServer.Cancelled;

    [Theory]
    [InlineData("secret")]
    [InlineData("counter")]
    [InlineData("shared")]
    public async Task A_reference_that_the_caller_may_not_use_ends_the_stream_and_nothing_is_exported(string name)
    {
        await using var session = await server.ConnectAnonymouslyAsync(static (action, target) => (action, target) == ("connect", "scope/echo"));
        await using var echo = await OpenEchoAsync(session);

        await echo.SendAsync("{}"u8.ToArray(), [new TypedTicket(Find(name), "")], Cancelled);

        await Refused.ByAuthorizerAsync(() => echo.ReadAsync(Cancelled));
        // The first export that a server makes for a session has the id -1.
        var unknown = await Assert.ThrowsAnyAsync<RpcException>(() => session.OpenTableAsync(new ExportTicket(-1), Cancelled));
        Assert.Equal(StatusCode.FailedPrecondition, unknown.StatusCode);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("counter")]
    [InlineData("shared")]
    public async Task A_reference_that_the_caller_may_use_comes_back_as_an_export(string name)
    {
        await using var session = await server.ConnectAnonymouslyAsync(static (_, _) => true);
        await using var echo = await OpenEchoAsync(session);

        await echo.SendAsync("{}"u8.ToArray(), [new TypedTicket(Find(name), "")], Cancelled);

        Assert.IsType<ExportTicket>(Assert.Single((await echo.ReadAsync(Cancelled))!.References).Ticket);
    }

    [Fact]
    public async Task An_export_of_the_callers_session_needs_no_permission()
    {
        await using var session = await server.ConnectAnonymouslyAsync(static (action, target) => (action, target) is ("connect", "scope/echo") or ("create", ""));
        await using var echo = await OpenEchoAsync(session);
        var own = await session.EmptyTableAsync(5, Cancelled);

        await echo.SendAsync("{}"u8.ToArray(), [new TypedTicket(own.Ticket, "")], Cancelled);

        var export = Assert.Single((await echo.ReadAsync(Cancelled))!.References);
        Assert.Equal(5, (await session.OpenTableAsync(export.Ticket, Cancelled)).Size);
    }

    [Fact]
    public async Task Messages_before_a_refused_reference_are_answered()
    {
        await using var session = await server.ConnectAnonymouslyAsync(static (action, target) => (action, target) == ("connect", "scope/echo"));
        await using var echo = await OpenEchoAsync(session);

        await echo.SendAsync("first"u8.ToArray(), null, Cancelled);
        Assert.Equal("first"u8.ToArray(), (await echo.ReadAsync(Cancelled))!.Payload.ToArray());
        await echo.SendAsync("second"u8.ToArray(), [new TypedTicket(RestrictedServer.Secret, "")], Cancelled);

        await Refused.ByAuthorizerAsync(() => echo.ReadAsync(Cancelled));
    }

    [Theory]
    [InlineData("read", "secret", "counter")]
    [InlineData("connect", "counter", "secret")]
    public async Task A_table_needs_read_and_another_object_needs_connect(string allowed, string passes, string fails)
    {
        await using var session = await server.ConnectAnonymouslyAsync((action, target) => target == "scope/echo" || action == allowed);

        await using (var echo = await OpenEchoAsync(session))
        {
            await echo.SendAsync("{}"u8.ToArray(), [new TypedTicket(Find(passes), "")], Cancelled);
            Assert.Single((await echo.ReadAsync(Cancelled))!.References);
            await echo.SendAsync("{}"u8.ToArray(), [new TypedTicket(Find(fails), "")], Cancelled);
            await Refused.ByAuthorizerAsync(() => echo.ReadAsync(Cancelled));
        }

        await session.ExportFromTicketAsync(Find(passes), Cancelled);
        await Refused.ByAuthorizerAsync(() => session.ExportFromTicketAsync(Find(fails), Cancelled));
    }

    private Ticket Find(string name) => name == "shared" ? server.Shared : new ScopeTicket(name);

    private static async Task<PluginClient> OpenEchoAsync(Session session)
    {
        var echo = await PluginClient.ConnectAsync(session, RestrictedServer.Echo, Cancelled);
        await echo.ReadAsync(Cancelled);
        return echo;
    }
}
