using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using StatusCode = Grpc.Core.StatusCode;
using Ticket = Wharf.Protocol.Grpc.Ticket;

namespace Wharf.Gateway.Tests;

/// <summary>ObjectService.</summary>
public sealed class ObjectServiceCalls(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task Messages_come_back_in_order()
    {
        using var session = await server.LoginAsync();
        using var stream = await OpenEchoAsync(session);
        for (int number = 0; number < 2000; number++)
            await stream.RequestStream.WriteAsync(TestSession.Data(number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        for (int number = 0; number < 2000; number++)
            Assert.Equal(number.ToString(System.Globalization.CultureInfo.InvariantCulture), (await stream.ResponseStream.NextAsync()).Data.Payload.ToStringUtf8());
        await stream.RequestStream.CompleteAsync();
        await stream.ResponseStream.EndsAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256 * 1024)]
    [InlineData(256 * 1024 + 1)]
    [InlineData(20 * 1024 * 1024)]
    public async Task A_message_of_any_length_comes_back_whole(int length)
    {
        using var session = await server.LoginAsync();
        using var stream = await OpenEchoAsync(session);
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        await stream.RequestStream.WriteAsync(TestSession.Data(ByteString.CopyFrom(payload)));
        Assert.True((await stream.ResponseStream.NextAsync()).Data.Payload.Span.SequenceEqual(payload));
    }

    [Fact]
    public async Task A_message_beyond_the_limit_ends_the_stream()
    {
        using var session = await server.LoginAsync();
        using var stream = await OpenEchoAsync(session);
        try
        {
            await stream.RequestStream.WriteAsync(TestSession.Data(ByteString.CopyFrom(new byte[101 * 1024 * 1024])));
        }
        catch (RpcException)
        {
        }
        await Failures.IsAsync(StatusCode.ResourceExhausted, stream.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task References_come_back_as_exports_of_the_session()
    {
        using var session = await server.LoginAsync();
        await session.EmptyTableAsync(1, 5);
        using var stream = await OpenEchoAsync(session);
        await stream.RequestStream.WriteAsync(TestSession.Data("x", TestSession.Export(1), TestSession.Scope("echo"), TestSession.Export(1)));
        var references = (await stream.ResponseStream.NextAsync()).Data.ExportedReferences;
        Assert.Equal(["Table", "Echo", "Table"], references.Select(reference => reference.Type));
        Assert.Equal([TestSession.Bytes(-1), TestSession.Bytes(-2), TestSession.Bytes(-3)], references.Select(reference => reference.Ticket.Ticket_));
        Assert.Equal(5, (await session.Tables.GetExportedTableCreationResponseAsync(references[0].Ticket, session.Headers)).Size);
        await session.Sessions.ReleaseAsync(new ReleaseRequest { Id = references[0].Ticket }, session.Headers);
    }

    [Fact]
    public async Task A_message_waits_for_its_reference_and_those_after_it_wait_too()
    {
        using var session = await server.LoginAsync();
        using var stream = await OpenEchoAsync(session);
        await stream.RequestStream.WriteAsync(TestSession.Data("first", TestSession.Export(1)));
        await stream.RequestStream.WriteAsync(TestSession.Data("second"));
        await stream.RequestStream.CompleteAsync();
        await session.EmptyTableAsync(1, 5);
        Assert.Equal("first", (await stream.ResponseStream.NextAsync()).Data.Payload.ToStringUtf8());
        Assert.Equal("second", (await stream.ResponseStream.NextAsync()).Data.Payload.ToStringUtf8());
        await stream.ResponseStream.EndsAsync();
    }

    [Fact]
    public async Task A_reference_that_fails_ends_the_stream_in_its_turn()
    {
        using var session = await server.LoginAsync();
        using var stream = await OpenEchoAsync(session);
        await stream.RequestStream.WriteAsync(TestSession.Data("first"));
        await stream.RequestStream.WriteAsync(TestSession.Data("second", TestSession.Scope("nothing")));
        Assert.Equal("first", (await stream.ResponseStream.NextAsync()).Data.Payload.ToStringUtf8());
        await Failures.IsAsync(StatusCode.NotFound, stream.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task Response_headers_come_before_any_message()
    {
        using var session = await server.LoginAsync();
        using var stream = session.Objects.MessageStream(session.Headers);
        Assert.Equal(session.Authorization, (await stream.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(30))).GetValue("authorization"));
    }

    public static TheoryData<string, StatusCode, string?> Mistakes => new()
    {
        { "data first", StatusCode.InvalidArgument, StatusTexts.DataBeforeConnect },
        { "nothing set", StatusCode.InvalidArgument, null },
        { "connect twice", StatusCode.FailedPrecondition, StatusTexts.AlreadyConnected },
        { "no type", StatusCode.InvalidArgument, StatusTexts.NoTypeSupplied },
        { "no ticket", StatusCode.InvalidArgument, StatusTexts.NoTicketSupplied },
        { "bad route", StatusCode.FailedPrecondition, null },
        { "no such variable", StatusCode.NotFound, null },
        { "another type", StatusCode.FailedPrecondition, null },
        { "a table", StatusCode.NotFound, null },
        { "unknown negative id", StatusCode.FailedPrecondition, null },
        { "id zero", StatusCode.InvalidArgument, null },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_stream_that_begins_wrong_ends_at_once(string mistake, StatusCode code, string? text)
    {
        using var session = await server.LoginAsync();
        await session.EmptyTableAsync(1, 1);
        using var stream = session.Objects.MessageStream(session.Headers);
        StreamRequest[] messages = mistake switch
        {
            "data first" => [TestSession.Data("x")],
            "nothing set" => [new StreamRequest()],
            "connect twice" => [TestSession.Connect(TestSession.Scope("echo"), "Echo"), TestSession.Connect(TestSession.Scope("echo"), "Echo")],
            "no type" => [TestSession.Connect(TestSession.Scope("echo"), "")],
            "no ticket" => [TestSession.Connect(new Ticket(), "Echo")],
            "bad route" => [TestSession.Connect(new Ticket { Ticket_ = ByteString.CopyFromUtf8("x") }, "Echo")],
            "no such variable" => [TestSession.Connect(TestSession.Scope("nothing"), "Echo")],
            "another type" => [TestSession.Connect(TestSession.Scope("echo"), "Counter")],
            "a table" => [TestSession.Connect(TestSession.Export(1), "Table")],
            "unknown negative id" => [TestSession.Connect(TestSession.Export(-7), "Echo")],
            _ => [TestSession.Connect(TestSession.Export(0), "Echo")],
        };
        foreach (var message in messages)
            await stream.RequestStream.WriteAsync(message);
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)))
            {
            }
        });
        Assert.True(code == failure.StatusCode, failure.Status.ToString());
        if (text is not null)
            Assert.Equal(text, failure.Status.Detail);
    }

    [Fact]
    public async Task A_half_close_without_a_word_is_fine()
    {
        using var session = await server.LoginAsync();
        using var stream = session.Objects.MessageStream(session.Headers);
        await stream.RequestStream.CompleteAsync();
        await stream.ResponseStream.EndsAsync();
    }

    [Fact]
    public async Task Every_connected_stream_is_told_what_another_one_changed()
    {
        using var session = await server.LoginAsync();
        using var other = await server.LoginAsync();
        using var first = session.Objects.MessageStream(session.Headers);
        using var second = other.Objects.MessageStream(other.Headers);
        await first.RequestStream.WriteAsync(TestSession.Connect(TestSession.Scope("counter"), "Counter"));
        var start = long.Parse((await first.ResponseStream.NextAsync()).Data.Payload.ToStringUtf8(), System.Globalization.CultureInfo.InvariantCulture);
        await second.RequestStream.WriteAsync(TestSession.Connect(TestSession.Scope("counter"), "Counter"));
        await second.ResponseStream.NextAsync();
        await second.RequestStream.WriteAsync(TestSession.Data("41"));
        var told = (await first.ResponseStream.NextAsync()).Data.Payload.ToStringUtf8();
        Assert.Equal((start + 41).ToString(System.Globalization.CultureInfo.InvariantCulture), told);
    }

    [Fact]
    public async Task A_plugins_error_reaches_the_client_with_its_message()
    {
        using var session = await server.LoginAsync();
        using var stream = session.Objects.MessageStream(session.Headers);
        await stream.RequestStream.WriteAsync(TestSession.Connect(TestSession.Scope("counter"), "Counter"));
        await stream.ResponseStream.NextAsync();
        await stream.RequestStream.WriteAsync(TestSession.Data("not a number"));
        var failure = await Failures.OfAsync(stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Contains("number", failure.Status.Detail, StringComparison.Ordinal);
    }

#pragma warning disable CS0612, CS0618 // Deprecated in the protocol, and still used.
    [Fact]
    public async Task FetchObject_refuses_an_object_that_wants_a_conversation()
    {
        using var session = await server.LoginAsync();
        var request = new FetchObjectRequest { SourceId = TestSession.Typed(TestSession.Scope("echo"), "Echo") };
        var failure = await Failures.OfAsync(session.Objects.FetchObjectAsync(request, session.Headers));
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Contains("MessageStream", failure.Status.Detail, StringComparison.Ordinal);
    }
#pragma warning restore CS0612, CS0618

    [Fact]
    public async Task A_browser_has_a_stream_in_two_halves_in_whatever_order_they_come()
    {
        using var session = await server.LoginAsync();
        var early = session.Objects.NextMessageStreamAsync(TestSession.Data("second"), BrowserHeaders(session, 7, 2));
        using var stream = session.Objects.OpenMessageStream(TestSession.Connect(TestSession.Scope("echo"), "Echo"), BrowserHeaders(session, 7, 0));
        Assert.Empty((await stream.ResponseStream.NextAsync()).Data.Payload);
        await early;
        await session.Objects.NextMessageStreamAsync(TestSession.Data("first"), BrowserHeaders(session, 7, 1));
        Assert.Equal("first", (await stream.ResponseStream.NextAsync()).Data.Payload.ToStringUtf8());
        Assert.Equal("second", (await stream.ResponseStream.NextAsync()).Data.Payload.ToStringUtf8());
        await Failures.IsAsync(StatusCode.OutOfRange, session.Objects.NextMessageStreamAsync(TestSession.Data("again"), BrowserHeaders(session, 7, 1)));
        var last = BrowserHeaders(session, 7, 3);
        last.Add("x-deephaven-stream-halfclose", "true");
        await session.Objects.NextMessageStreamAsync(new StreamRequest(), last);
        await stream.ResponseStream.EndsAsync();
        await Failures.IsAsync(StatusCode.FailedPrecondition, session.Objects.NextMessageStreamAsync(TestSession.Data("late"), BrowserHeaders(session, 7, 4)));
    }

    [Fact]
    public async Task A_browsers_headers_come_together_or_not_at_all()
    {
        using var session = await server.LoginAsync();
        var half = session.Headers;
        half.Add("x-deephaven-stream-ticket", "5");
        await Failures.IsAsync(StatusCode.InvalidArgument, session.Objects.NextMessageStreamAsync(TestSession.Data("x"), half));
        await Failures.IsAsync(StatusCode.InvalidArgument, session.Objects.NextMessageStreamAsync(TestSession.Data("x"), session.Headers));
        using var open = session.Objects.OpenMessageStream(TestSession.Data("x"), session.Headers);
        await Failures.IsAsync(StatusCode.InvalidArgument, open.ResponseStream.MoveNext(CancellationToken.None));
    }

    private static Metadata BrowserHeaders(TestSession session, int ticket, int sequence)
    {
        var headers = session.Headers;
        headers.Add("x-deephaven-stream-ticket", ticket.ToString(System.Globalization.CultureInfo.InvariantCulture));
        headers.Add("x-deephaven-stream-sequence", sequence.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return headers;
    }

    private static async Task<AsyncDuplexStreamingCall<StreamRequest, StreamResponse>> OpenEchoAsync(TestSession session)
    {
        var stream = session.Objects.MessageStream(session.Headers);
        await stream.RequestStream.WriteAsync(TestSession.Connect(TestSession.Scope("echo"), "Echo"));
        Assert.Empty((await stream.ResponseStream.NextAsync()).Data.Payload);
        return stream;
    }
}
