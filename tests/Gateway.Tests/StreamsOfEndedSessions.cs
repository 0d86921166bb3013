using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Wharf.Gateway.Drain;
using Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Tests;

/// <summary>The end of a session ends each of its open streams.</summary>
public sealed class StreamsOfEndedSessions(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task Every_kind_of_stream_ends_in_its_own_way()
    {
        using var session = await server.LoginAsync();
        using var fields = session.Fields.ListFields(new(), session.Headers);
        using var notices = session.Sessions.ExportNotifications(new(), session.Headers);
        using var updates = session.Tables.ExportedTableUpdates(new(), session.Headers);
        using var stream = session.Objects.MessageStream(session.Headers);
        var termination = session.Sessions.TerminationNotificationAsync(new(), session.Headers);
        var waiting = session.Sessions.ExportFromTicketAsync(
            new ExportRequest { SourceId = TestSession.Export(900), ResultId = TestSession.Export(901) }, session.Headers);
        await fields.ResponseStream.NextAsync();
        await notices.ResponseStream.NextAsync();
        await stream.RequestStream.WriteAsync(TestSession.Connect(TestSession.Scope("echo"), "Echo"));
        await stream.ResponseStream.NextAsync();
        await updates.ResponseHeadersAsync;
        await termination.ResponseHeadersAsync;

        await session.CloseAsync();

        await EndsWith(fields.ResponseStream, StatusCode.Cancelled, "subscription cancelled");
        await EndsWith(stream.ResponseStream, StatusCode.Cancelled, "Session closed");
        await EndsWith(notices.ResponseStream, StatusCode.OK, null);
        await EndsWith(updates.ResponseStream, StatusCode.OK, null);
        var told = await Failures.OfAsync(termination);
        Assert.Equal((StatusCode.Unauthenticated, "Session has ended"), (told.StatusCode, told.Status.Detail));
        await Failures.IsAsync(StatusCode.Cancelled, waiting);
    }

    [Fact]
    public async Task A_drain_tells_those_who_wait_for_it_and_refuses_new_calls()
    {
        var own = new Server();
        await own.InitializeAsync();
        await using var stopped = own;
        using var session = await own.LoginAsync();
        using var stream = session.Objects.MessageStream(session.Headers);
        var termination = session.Sessions.TerminationNotificationAsync(new(), session.Headers);
        await termination.ResponseHeadersAsync;
        await stream.RequestStream.WriteAsync(TestSession.Connect(TestSession.Scope("echo"), "Echo"));
        await stream.ResponseStream.NextAsync();

        await own.Services.GetRequiredService<GatewayDrain>().BeginAsync(new HashSet<string>()).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.False((await termination).AbnormalTermination);
        await EndsWith(stream.ResponseStream, StatusCode.Unavailable, null);
        await Failures.IsAsync(StatusCode.Unavailable, session.Sessions.ReleaseAsync(new(), session.Headers));
    }

    private static async Task EndsWith<T>(IAsyncStreamReader<T> stream, StatusCode code, string? text)
    {
        var status = Status.DefaultSuccess;
        try
        {
            while (await stream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)))
            {
            }
        }
        catch (RpcException failure)
        {
            status = failure.Status;
        }
        Assert.Equal(code, status.StatusCode);
        if (text is not null)
            Assert.Equal(text, status.Detail);
    }
}
