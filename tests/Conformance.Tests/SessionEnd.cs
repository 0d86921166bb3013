using Grpc.Core;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Console;
using Wharf.Protocol.Grpc.Flight;

namespace Wharf.Conformance.Tests;

public abstract class SessionEnd(ConformanceServer server)
{
    private static readonly Answer SessionClosed = new(StatusCode.Cancelled, "Session closed");

    [Fact]
    public async Task ListFields_says_that_the_subscription_is_cancelled()
    {
        var session = await server.LoginAsync();
        using var call = session.Fields.ListFields(new ListFieldsRequest(), session.Headers);
        await Answer.NextAsync(call.ResponseStream);
        await session.CloseAsync();
        Assert.Equal(new Answer(StatusCode.Cancelled, "subscription cancelled"), await Answer.OfAsync(call.ResponseStream));
    }

    [Fact]
    public async Task Notifications_tell_the_end_of_every_export_and_complete()
    {
        var session = await server.LoginAsync();
        await session.EmptyTableAsync(Session.Export(1));
        using var call = session.Sessions.ExportNotifications(new ExportNotificationRequest(), session.Headers);
        await Answer.NextAsync(call.ResponseStream);
        await Answer.NextAsync(call.ResponseStream);
        var waiting = session.FetchTableAsync(Session.Export(2), Session.Export(3));
        while ((await Answer.NextAsync(call.ResponseStream)) is not { ExportState: ExportNotification.Types.State.Pending })
        {
        }
        await session.CloseAsync();
        var last = new List<ExportNotification>();
        Assert.Equal(StatusCode.OK, (await Answer.OfAsync(call.ResponseStream, last)).Code);
        Assert.Equal(
            [(Session.Export(1), ExportNotification.Types.State.Released), (Session.Export(2), ExportNotification.Types.State.Cancelled), (Session.Export(3), ExportNotification.Types.State.Cancelled)],
            last.Select(notice => (notice.Ticket, notice.ExportState)).OrderBy(notice => notice.Ticket.Ticket_[1]));
        Assert.Equal(StatusCode.Cancelled, (await waiting).Code);
    }

    [Fact]
    public async Task Table_updates_complete()
    {
        var session = await server.LoginAsync();
        await session.EmptyTableAsync(Session.Export(1));
        using var call = session.Tables.ExportedTableUpdates(new ExportedTableUpdatesRequest(), session.Headers);
        await Answer.NextAsync(call.ResponseStream);
        await session.CloseAsync();
        Assert.Equal(StatusCode.OK, (await Answer.OfAsync(call.ResponseStream)).Code);
    }

    [Theory]
    [InlineData("connected")]
    [InlineData("not connected")]
    [InlineData("waiting for its object")]
    [InlineData("waiting for a reference")]
    [InlineData("half-closed and waiting")]
    public async Task A_message_stream_ends_with_session_closed(string how)
    {
        var session = await server.LoginAsync();
        using var stream = how is "connected" or "waiting for a reference" ? await session.EchoAsync() : session.MessageStream();
        await stream.ResponseHeadersAsync;
        if (how is "waiting for its object" or "half-closed and waiting")
            await stream.RequestStream.WriteAsync(Session.Connect(Session.Export(9), "Echo"));
        if (how is "waiting for a reference")
            await stream.RequestStream.WriteAsync(Session.Data("x", Session.Export(9)));
        if (how is "half-closed and waiting")
            await stream.RequestStream.CompleteAsync();
        await session.CloseAsync();
        var answer = await Answer.OfAsync(stream.ResponseStream);
        // What the stream waited for is given up together with the session; either may be told.
        if (how.Contains("waiting", StringComparison.Ordinal) && answer.Code == StatusCode.FailedPrecondition)
            Assert.Equal("Export in state DEPENDENCY_CANCELLED (related parent export id: 9)", answer.Text);
        else
            Assert.Equal(SessionClosed, answer);
    }

    [Fact]
    public async Task A_batch_that_waits_is_given_up()
    {
        for (int round = 0; round < 10; round++)
        {
            var session = await server.LoginAsync();
            var fetch = new FetchTableRequest { SourceId = Session.Reference(Session.Export(9)) };
            using var call = session.Tables.Batch(new BatchTableRequest { Ops = { new BatchTableRequest.Types.Operation { FetchTable = fetch } } }, session.Headers);
            await call.ResponseHeadersAsync;
            await session.CloseAsync();
            // Either the operation is still told to have failed, or the whole call: but never a broken connection.
            var answer = await Answer.OfAsync(call.ResponseStream);
            Assert.True(answer is { Code: StatusCode.OK } or { Code: StatusCode.Cancelled, Text: "Export is cancelled" }, answer.ToString());
        }
    }

    [Fact]
    public async Task A_browsers_stream_is_cancelled()
    {
        var session = await server.LoginAsync();
        using var call = session.Objects.OpenMessageStream(Session.Connect(Session.Scope("echo"), "Echo"), session.BrowserHeaders(4, 0));
        await Answer.NextAsync(call.ResponseStream);
        await session.CloseAsync();
        Assert.Equal(StatusCode.Cancelled, (await Answer.OfAsync(call.ResponseStream)).Code);
    }

    [Fact]
    public async Task A_termination_notification_says_that_the_session_has_ended()
    {
        var session = await server.LoginAsync();
        using var call = session.Sessions.TerminationNotificationAsync(new TerminationNotificationRequest(), session.Headers);
        await call.ResponseHeadersAsync;
        await session.CloseAsync();
        Assert.Equal(new Answer(StatusCode.Unauthenticated, "Session has ended"), await Answer.OfAsync(call));
    }

    [Fact]
    public async Task An_upload_that_has_not_begun_is_refused()
    {
        var session = await server.LoginAsync();
        using var call = session.Flights.DoPut(session.Headers);
        await session.CloseAsync();
        Assert.Equal(StatusCode.Unauthenticated, (await Answer.OfAsync(call.ResponseStream)).Code);
    }

    [Fact]
    public async Task Calls_that_wait_for_an_export_are_given_up()
    {
        var session = await server.LoginAsync();
        var ticket = Session.Export(9);
        var flight = new FlightDescriptor { Type = FlightDescriptor.Types.DescriptorType.Path, Path = { "export", "9" } };
        using var notices = session.Sessions.ExportNotifications(new ExportNotificationRequest(), session.Headers);
        await Answer.NextAsync(notices.ResponseStream);
        Task<Answer>[] own =
        [
            session.ExportAsync(ticket, Session.Export(2)), session.PublishAsync(ticket, Session.Export(3)), session.FetchTableAsync(ticket, Session.Export(4)), session.UpdateAsync(ticket, Session.Export(5)),
        ];
        Task<Answer>[] others =
        [
            session.PublishAsync(ticket, Session.NewScope()), session.DescribeAsync(ticket), Answer.OfAsync(session.Flights.GetFlightInfoAsync(flight, session.Headers)),
            Answer.OfAsync(session.Consoles.BindTableToVariableAsync(new BindTableToVariableRequest { TableId = ticket, VariableName = "bound" }, session.Headers)), session.NextAsync(9, 1),
        ];
        for (int pending = 0; pending < own.Length;)
            pending += (await Answer.NextAsync(notices.ResponseStream)).ExportState == ExportNotification.Types.State.Pending ? 1 : 0;
        await session.CloseAsync();
        Assert.All(await Task.WhenAll(own), answer => Assert.Equal(new Answer(StatusCode.Cancelled, "Export is cancelled"), answer));
        // Those without an export of their own may not even have begun to wait.
        Assert.All(await Task.WhenAll(others), answer => Assert.True(answer.Code is StatusCode.Cancelled or StatusCode.FailedPrecondition or StatusCode.Unauthenticated, answer.ToString()));
    }

    [Fact]
    public async Task The_answer_to_a_close_has_no_token()
    {
        var session = await server.LoginAsync();
        using var call = session.Sessions.CloseSessionAsync(new Protocol.Grpc.HandshakeRequest(), session.Headers);
        await call;
        Assert.Null((await call.ResponseHeadersAsync).Get("authorization"));
        Assert.Null(call.GetTrailers().Get("authorization"));
    }
}
