using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Conformance.Tests;

public abstract class BrowserStreams(ConformanceServer server)
{
    [Theory]
    [InlineData("1 2", "OK OK", "1 2")]
    [InlineData("2 1", "OK OK", "1 2")]
    [InlineData("2", "OK", "")]
    [InlineData("0", "InvalidArgument", "")]
    [InlineData("1 1", "OK OutOfRange", "1")]
    [InlineData("3 3 1 2", "OK OK OK OK", "1 2 3")]
    [InlineData("half2 1", "OK OK", "1 end")]
    [InlineData("half1", "OK", "end")]
    [InlineData("half2 3", "OK Aborted", "")]
    [InlineData("half3 half2", "OK InvalidArgument", "")]
    [InlineData("half2 half2", "OK InvalidArgument", "")]
    [InlineData("half2 half3", "OK Aborted", "")]
    [InlineData("half1 2", "OK FailedPrecondition", "end")]
    public async Task Messages_are_taken_by_their_sequence(string sent, string answers, string heard)
    {
        await using var session = await server.LoginAsync();
        using var open = session.Objects.OpenMessageStream(Session.Connect(Session.Scope("echo"), "Echo"), session.BrowserHeaders(4, 0));
        await Answer.NextAsync(open.ResponseStream);
        var expected = heard.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = new List<string>();
        foreach (var message in sent.Split(' '))
        {
            bool half = message.StartsWith("half", StringComparison.Ordinal);
            int sequence = int.Parse(half ? message["half".Length..] : message, System.Globalization.CultureInfo.InvariantCulture);
            found.Add((await session.NextAsync(4, sequence, Session.Data($"{sequence}"), half)).Code.ToString());
            if (half && expected is ["end"])
                Assert.Equal(StatusCode.OK, (await Answer.OfAsync(open.ResponseStream)).Code);
        }
        Assert.Equal(answers, string.Join(' ', found));
        if (expected is ["end"])
            return;
        foreach (var payload in expected.Where(payload => payload != "end"))
            Assert.Equal(payload, (await Answer.NextAsync(open.ResponseStream)).Data.Payload.ToStringUtf8());
        if (expected is [.., "end"])
            Assert.Equal(StatusCode.OK, (await Answer.OfAsync(open.ResponseStream)).Code);
    }

    [Theory]
    [InlineData(null, null, false, StatusCode.InvalidArgument, StatusCode.InvalidArgument)]
    [InlineData(4, null, false, StatusCode.InvalidArgument, StatusCode.InvalidArgument)]
    [InlineData(null, 1, false, StatusCode.InvalidArgument, StatusCode.InvalidArgument)]
    [InlineData(null, null, true, StatusCode.OK, StatusCode.InvalidArgument)]
    [InlineData(4, 0, true, StatusCode.OK, StatusCode.InvalidArgument)]
    [InlineData(4, 1, false, StatusCode.InvalidArgument, null)]
    [InlineData(0, 0, false, StatusCode.InvalidArgument, StatusCode.InvalidArgument)]
    [InlineData(4, -1, false, StatusCode.InvalidArgument, StatusCode.InvalidArgument)]
    public async Task Headers_are_looked_at_first(int? ticket, int? sequence, bool halfClose, StatusCode opened, StatusCode? next)
    {
        await using var session = await server.LoginAsync();
        using var open = session.Objects.OpenMessageStream(Session.Connect(Session.Scope("echo"), "Echo"), session.BrowserHeaders(ticket, sequence, halfClose));
        Assert.Equal(opened, (await Answer.OfAsync(open.ResponseStream)).Code);
        if (next is { } code)
            Assert.Equal(code, (await Answer.OfAsync(session.Objects.NextMessageStreamAsync(Session.Data("x"), session.BrowserHeaders(ticket, sequence, halfClose)))).Code);
    }

    [Fact]
    public async Task A_message_may_come_before_its_stream()
    {
        await using var session = await server.LoginAsync();
        var early = session.NextAsync(4, 1, Session.Data("early"));
        using var open = session.Objects.OpenMessageStream(Session.Connect(Session.Scope("echo"), "Echo"), session.BrowserHeaders(4, 0));
        await Answer.NextAsync(open.ResponseStream);
        Assert.Equal(StatusCode.OK, (await early).Code);
        Assert.Equal("early", (await Answer.NextAsync(open.ResponseStream)).Data.Payload.ToStringUtf8());
    }

    [Fact]
    public async Task The_stream_and_not_the_sender_receives_the_failure_of_a_message()
    {
        await using var session = await server.LoginAsync();
        using var open = session.Objects.OpenMessageStream(Session.Connect(Session.Scope("echo"), "Echo"), session.BrowserHeaders(4, 0));
        await Answer.NextAsync(open.ResponseStream);
        Assert.Equal(StatusCode.OK, (await session.NextAsync(4, 1, Session.Data("x", Session.Scope("nosuchvariable")))).Code);
        Assert.Equal(StatusCode.NotFound, (await Answer.OfAsync(open.ResponseStream)).Code);
    }

    [Fact]
    public async Task The_tickets_export_is_a_stream_and_no_other_export_is()
    {
        await using var session = await server.LoginAsync();
        await session.EmptyTableAsync(Session.Export(1));
        await session.ExportAsync(Session.Scope("echo"), Session.Export(2));
        Assert.Equal(StatusCode.InvalidArgument, (await session.NextAsync(1, 1)).Code);
        Assert.Equal(StatusCode.InvalidArgument, (await session.NextAsync(2, 1)).Code);
        using (var used = session.Objects.OpenMessageStream(Session.Connect(Session.Scope("echo"), "Echo"), session.BrowserHeaders(1, 0)))
            Assert.Equal(StatusCode.InvalidArgument, (await Answer.OfAsync(used.ResponseStream)).Code);
        using var open = session.Objects.OpenMessageStream(Session.Connect(Session.Scope("echo"), "Echo"), session.BrowserHeaders(4, 0));
        await Answer.NextAsync(open.ResponseStream);
        Assert.Equal(StatusCode.FailedPrecondition, (await session.DescribeAsync(Session.Export(4))).Code);
        Assert.Equal(StatusCode.OK, (await session.ReleaseAsync(Session.Export(4))).Code);
        Assert.Equal(StatusCode.FailedPrecondition, (await session.NextAsync(4, 1)).Code);
    }
}
