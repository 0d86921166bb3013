using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Conformance.Tests;

public abstract class MessageStreams(ConformanceServer server)
{
    private static readonly StreamRequest ConnectEcho = Session.Connect(Session.Scope("echo"), "Echo");

    public static TheoryData<string, StatusCode, string?> Beginnings => new()
    {
        { "nothing set", StatusCode.InvalidArgument, null },
        { "data first", StatusCode.InvalidArgument, "Data message sent before Connect message" },
        { "connected twice", StatusCode.FailedPrecondition, "Already sent a connect request, cannot send another" },
        { "connected twice, waiting", StatusCode.FailedPrecondition, "Already sent a connect request, cannot send another" },
        { "nothing set after connect", StatusCode.InvalidArgument, null },
        { "no source", StatusCode.InvalidArgument, "No type supplied" },
        { "no type", StatusCode.InvalidArgument, "No type supplied" },
        { "no ticket", StatusCode.InvalidArgument, "No ticket supplied" },
        { "another type", StatusCode.FailedPrecondition, null },
        { "type in another case", StatusCode.FailedPrecondition, null },
        { "a table", StatusCode.NotFound, null },
        { "missing", StatusCode.NotFound, null },
        { "fault in the first reference, then data", StatusCode.NotFound, null },
        { "good, then fault in a reference", StatusCode.NotFound, null },
    };

    [Theory]
    [MemberData(nameof(Beginnings))]
    public async Task A_failure_ends_the_stream(string mistake, StatusCode code, string? text)
    {
        await using var session = await server.LoginAsync();
        await session.EmptyTableAsync(Session.Export(60));
        StreamRequest[] messages = mistake switch
        {
            "nothing set" => [new StreamRequest()],
            "data first" => [Session.Data("x")],
            "connected twice" => [ConnectEcho, ConnectEcho],
            "connected twice, waiting" => [Session.Connect(Session.Export(9), "Echo"), ConnectEcho],
            "nothing set after connect" => [ConnectEcho, new StreamRequest()],
            "no source" => [new StreamRequest { Connect = new ConnectRequest() }],
            "no type" => [Session.Connect(Session.Scope("echo"), "")],
            "no ticket" => [Session.Connect(null, "Echo")],
            "another type" => [Session.Connect(Session.Scope("echo"), "Nope")],
            "type in another case" => [Session.Connect(Session.Scope("echo"), "ECHO")],
            "a table" => [Session.Connect(Session.Export(60), "Table")],
            "missing" => [Session.Connect(Session.Scope("nosuchvariable"), "Echo")],
            "fault in the first reference, then data" => [ConnectEcho, Session.Data("x", Session.Scope("nosuchvariable")), Session.Data("y")],
            "good, then fault in a reference" => [ConnectEcho, Session.Data("x"), Session.Data("y", Session.Scope("nosuchvariable"))],
            _ => throw new ArgumentOutOfRangeException(nameof(mistake)),
        };
        var answer = await session.ConverseAsync(messages);
        Assert.Equal(code, answer.Code);
        if (text is not null)
            Assert.Equal(text, answer.Text);
    }

    [Fact]
    public async Task Messages_are_handled_in_order_and_the_half_close_after_them()
    {
        await using var session = await server.LoginAsync();
        using var stream = session.MessageStream();
        await stream.RequestStream.WriteAsync(ConnectEcho);
        for (int number = 0; number < 100; number++)
            await stream.RequestStream.WriteAsync(Session.Data($"{number}"));
        await stream.RequestStream.CompleteAsync();
        var messages = new List<StreamResponse>();
        Assert.Equal(StatusCode.OK, (await Answer.OfAsync(stream.ResponseStream, messages)).Code);
        Assert.Equal(["", .. Enumerable.Range(0, 100).Select(number => $"{number}")], messages.Select(message => message.Data.Payload.ToStringUtf8()));
    }

    [Fact]
    public async Task A_message_whose_reference_is_not_there_holds_all_that_follow_up()
    {
        await using var session = await server.LoginAsync();
        using var stream = await session.EchoAsync();
        await stream.RequestStream.WriteAsync(Session.Data("first", Session.Export(1)));
        await stream.RequestStream.WriteAsync(Session.Data("second"));
        await stream.RequestStream.CompleteAsync();
        await session.EmptyTableAsync(Session.Export(1));
        var messages = new List<StreamResponse>();
        Assert.Equal(StatusCode.OK, (await Answer.OfAsync(stream.ResponseStream, messages)).Code);
        Assert.Equal(["first", "second"], messages.Select(message => message.Data.Payload.ToStringUtf8()));
    }

    [Fact]
    public async Task References_become_exports_of_the_session_that_count_down_over_all_streams()
    {
        await using var session = await server.LoginAsync();
        await session.EmptyTableAsync(Session.Export(1), 4);
        using var first = await session.EchoAsync();
        using var second = await session.EchoAsync();
        Assert.Equal([("Table", Session.Export(-1)), ("Echo", Session.Export(-2)), ("Table", Session.Export(-3))], await SendAsync(first, Session.Export(1), Session.Scope("echo"), Session.Export(1)));
        Assert.Equal([("Echo", Session.Export(-4))], await SendAsync(second, Session.Scope("echo")));
        Assert.Equal(StatusCode.OK, (await session.DescribeAsync(Session.Export(-1))).Code);
        Assert.Equal(StatusCode.OK, (await session.ReleaseAsync(Session.Export(-1))).Code);
        Assert.Equal("Export in state DEPENDENCY_RELEASED (related parent export id: -1)", (await session.DescribeAsync(Session.Export(-1))).Text);
        Assert.Equal(StatusCode.OK, (await session.DescribeAsync(Session.Export(-3))).Code);
        Assert.Equal(StatusCode.InvalidArgument, (await session.EmptyTableAsync(Session.Export(-1))).Code);
        using var stream = session.MessageStream();
        await stream.RequestStream.WriteAsync(Session.Connect(Session.Export(-2), "Echo"));
        await Answer.NextAsync(stream.ResponseStream);
    }

    [Fact]
    public async Task The_type_of_a_client_reference_is_ignored()
    {
        await using var session = await server.LoginAsync();
        using var stream = await session.EchoAsync();
        var message = Session.Data("x", Session.Scope("echo"));
        message.Data.References[0].Type = "Banana";
        await stream.RequestStream.WriteAsync(message);
        Assert.Equal("Echo", (await Answer.NextAsync(stream.ResponseStream)).Data.ExportedReferences[0].Type);
    }

    [Fact]
    public async Task Releasing_the_object_leaves_the_stream_alone()
    {
        await using var session = await server.LoginAsync();
        await session.ExportAsync(Session.Scope("echo"), Session.Export(1));
        using var stream = session.MessageStream();
        await stream.RequestStream.WriteAsync(Session.Connect(Session.Export(1), "Echo"));
        await Answer.NextAsync(stream.ResponseStream);
        await session.ReleaseAsync(Session.Export(1));
        await stream.RequestStream.WriteAsync(Session.Data("still"));
        Assert.Equal("still", (await Answer.NextAsync(stream.ResponseStream)).Data.Payload.ToStringUtf8());
    }

    [Fact]
    public async Task A_plugins_error_ends_the_stream_with_its_message()
    {
        await using var session = await server.LoginAsync();
        var answer = await session.ConverseAsync(Session.Connect(Session.Scope("example_service"), "ExampleService"), Session.Data("{{{"));
        Assert.Equal(StatusCode.InvalidArgument, answer.Code);
        Assert.NotEqual("", answer.Text);
    }

    private static async Task<(string Type, Ticket Ticket)[]> SendAsync(AsyncDuplexStreamingCall<StreamRequest, StreamResponse> stream, params Ticket[] references)
    {
        await stream.RequestStream.WriteAsync(Session.Data("x", references));
        return [.. (await Answer.NextAsync(stream.ResponseStream)).Data.ExportedReferences.Select(reference => (reference.Type, reference.Ticket))];
    }
}
