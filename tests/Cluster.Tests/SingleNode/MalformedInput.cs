using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol.Grpc;

namespace Wharf.Cluster.Tests.SingleNode;

/// <summary>What nobody should send, and the status that it gets: a documented one, soon, and at nobody else's cost.</summary>
public sealed class MalformedInput(MalformedInput.ServerFixture fixture) : IClassFixture<MalformedInput.ServerFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly byte[] Envelope = new byte[101 * 1024 * 1024];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>First messages of a stream that is no conversation.</summary>
    public static TheoryData<string, StatusCode> Openings => new()
    {
        { "nothing set", StatusCode.InvalidArgument },
        { "data first", StatusCode.InvalidArgument },
        { "no ticket", StatusCode.InvalidArgument },
        { "no type", StatusCode.InvalidArgument },
        { "ticket of an unknown kind", StatusCode.FailedPrecondition },
        { "export ticket of two bytes", StatusCode.FailedPrecondition },
        { "export ticket of six bytes", StatusCode.FailedPrecondition },
        { "shared ticket of one byte", StatusCode.FailedPrecondition },
        { "scope ticket without a name", StatusCode.FailedPrecondition },
        { "scope ticket that is no UTF-8", StatusCode.FailedPrecondition },
        { "application ticket without slashes", StatusCode.FailedPrecondition },
        { "ticket of 5000 bytes", StatusCode.ResourceExhausted },
        { "export that the server never gave", StatusCode.FailedPrecondition },
        { "variable that is not there", StatusCode.NotFound },
        { "shared ticket that nobody published", StatusCode.NotFound },
        { "another type", StatusCode.FailedPrecondition },
    };

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task A_stream_that_begins_wrongly_ends_with(string opening, StatusCode expected)
    {
        using var call = new ObjectService.ObjectServiceClient(fixture.Session.CallInvoker).MessageStream(cancellationToken: Token);
        await call.RequestStream.WriteAsync(Opening(opening), Token);
        Assert.Equal(expected, (await Wire.EndAsync(call.ResponseStream, Token).WaitAsync(Patience, Token)).StatusCode);
    }

    [Fact]
    public async Task A_second_connect_ends_the_stream_with_FAILED_PRECONDITION()
    {
        var echo = Wire.Scope("echo", "Echo");
        using var call = await Wire.OpenAsync(fixture.Session.CallInvoker, echo, Token);
        await call.RequestStream.WriteAsync(Wire.Connect(echo), Token);
        Assert.Equal(StatusCode.FailedPrecondition, (await Wire.EndAsync(call.ResponseStream, Token).WaitAsync(Patience, Token)).StatusCode);
    }

    [Fact]
    public async Task A_message_over_the_limit_ends_the_stream_with_RESOURCE_EXHAUSTED()
    {
        using var call = await Wire.OpenAsync(fixture.Session.CallInvoker, Wire.Scope("echo", "Echo"), Token);
        try
        {
            await call.RequestStream.WriteAsync(Wire.Data(Envelope), Token);
        }
        catch (RpcException)
        {
            // The server may end the stream before all of it is sent; how it ended is read below.
        }

        Assert.Equal(StatusCode.ResourceExhausted, (await Wire.EndAsync(call.ResponseStream, Token).WaitAsync(Patience, Token)).StatusCode);
    }

    [Fact]
    public async Task Ten_thousand_references_in_a_message_come_back_as_ten_thousand_exports()
    {
        await using var session = await Session.ConnectAsync(fixture.Server.Address, Wire.Login, cancellationToken: Token);
        var table = await session.EmptyTableAsync(1, Token);
        using var call = await Wire.OpenAsync(session.CallInvoker, Wire.Scope("echo", "Echo"), Token);
        await call.RequestStream.WriteAsync(Wire.Data([], Enumerable.Repeat(Wire.Typed(table.Ticket.ToBytes(), "Table"), 10_000)), Token);
        Assert.True(await call.ResponseStream.MoveNext(Token).WaitAsync(Patience, Token));
        Assert.Equal(10_000, call.ResponseStream.Current.Data.ExportedReferences.Select(reference => reference.Ticket.Ticket_).Distinct().Count());
    }

    [Fact]
    public async Task Ten_thousand_references_to_nothing_end_the_stream_with_the_status_of_one()
    {
        using var call = await Wire.OpenAsync(fixture.Session.CallInvoker, Wire.Scope("echo", "Echo"), Token);
        await call.RequestStream.WriteAsync(Wire.Data([], Enumerable.Repeat(Wire.Scope("no_such_thing", "Table"), 10_000)), Token);
        Assert.Equal(StatusCode.NotFound, (await Wire.EndAsync(call.ResponseStream, Token).WaitAsync(Patience, Token)).StatusCode);
    }

    [Theory]
    [InlineData("Bearer not-a-token", "Authentication details invalid")]
    [InlineData("Bearer ", "Authentication details invalid")]
    [InlineData("Bearer 6ba7b810-9dad-11d1-80b4-00c04fd430c8", "Authentication details invalid")]
    [InlineData("io.deephaven.authentication.psk.PskAuthenticationHandler wrong", "Authentication details invalid")]
    [InlineData("io.deephaven.authentication.psk.PskAuthenticationHandler", "Authentication details invalid")]
    [InlineData("Basic !!!not-base64!!!", "Authentication details invalid")]
    [InlineData("Basic", "Authentication details invalid")]
    [InlineData("NoSuchScheme", "Authentication details invalid")]
    [InlineData(null, "")]
    public async Task A_call_without_a_right_to_be_made_is_UNAUTHENTICATED(string? authorization, string text)
    {
        using var channel = GrpcChannel.ForAddress(fixture.Server.Address);
        Metadata headers = authorization is null ? [] : [new Metadata.Entry("authorization", authorization)];
        var end = await Wire.EndAsync(new SessionService.SessionServiceClient(channel).ReleaseAsync(new(), headers, cancellationToken: Token));
        Assert.Equal((StatusCode.Unauthenticated, text), (end.StatusCode, end.Detail));
    }

    [Fact]
    public async Task A_token_that_was_changed_in_one_place_is_UNAUTHENTICATED()
    {
        using var channel = GrpcChannel.ForAddress(fixture.Server.Address);
        Metadata login = [new Metadata.Entry("authorization", $"{Wire.Login.Scheme} {ServerProcess.Psk}")];
        using var call = new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(new(), login, cancellationToken: Token);
        var token = (await call.ResponseHeadersAsync).GetValue("authorization")!;
        for (var place = "Bearer ".Length; place < token.Length; place += 7)
        {
            var changed = token[..place] + (token[place] == 'A' ? 'B' : 'A') + token[(place + 1)..];
            var end = await Wire.EndAsync(new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(
                new(), [new Metadata.Entry("authorization", changed)], cancellationToken: Token));
            Assert.True(end.StatusCode == StatusCode.Unauthenticated, $"{changed}: {end}");
        }
    }

    [Theory]
    [InlineData("io.deephaven.proto.backplane.grpc.SessionService", "ExportFromTicket", StatusCode.InvalidArgument)]
    [InlineData("io.deephaven.proto.backplane.grpc.TableService", "EmptyTable", StatusCode.InvalidArgument)]
    [InlineData("arrow.flight.protocol.FlightService", "GetSchema", StatusCode.InvalidArgument)]
    [InlineData("io.deephaven.proto.backplane.grpc.SessionService", "NoSuchMethod", StatusCode.Unimplemented)]
    [InlineData("no.such.Service", "Method", StatusCode.Unimplemented)]
    public async Task Bytes_that_are_no_message_and_names_that_are_no_method_get_a_status(string service, string name, StatusCode expected)
    {
        var bytes = Marshallers.Create<byte[]>(value => value, value => value);
        var method = new Method<byte[], byte[]>(MethodType.Unary, service, name, bytes, bytes);
        byte[] garbage = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x07];
        using var call = fixture.Session.CallInvoker.AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Token), garbage);
        Assert.Equal(expected, (await Wire.EndAsync(call).WaitAsync(Patience, Token)).StatusCode);
    }

    [Fact]
    public async Task A_stream_of_bytes_that_are_no_message_ends_with_INVALID_ARGUMENT()
    {
        var bytes = Marshallers.Create<byte[]>(value => value, value => value);
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, "io.deephaven.proto.backplane.grpc.ObjectService", "MessageStream", bytes, bytes);
        using var call = fixture.Session.CallInvoker.AsyncDuplexStreamingCall(method, null, new CallOptions(cancellationToken: Token));
        await call.RequestStream.WriteAsync([0x0a, 0xff, 0xff, 0xff, 0x7f], Token);
        Assert.Equal(StatusCode.InvalidArgument, (await Wire.EndAsync(call.ResponseStream, Token).WaitAsync(Patience, Token)).StatusCode);
    }

    /// <summary>A client that says nothing more and reads nothing has its stream until its session ends, and then not.</summary>
    [Fact]
    public async Task A_half_open_stream_ends_with_its_session()
    {
        await using var session = await Session.ConnectAsync(fixture.Server.Address, Wire.Login, cancellationToken: Token);
        using var silent = new ObjectService.ObjectServiceClient(session.CallInvoker).MessageStream(cancellationToken: Token);
        using var open = await Wire.OpenAsync(session.CallInvoker, Wire.Scope("echo", "Echo"), Token);
        await new SessionService.SessionServiceClient(session.CallInvoker).CloseSessionAsync(new(), cancellationToken: Token);
        foreach (var call in new[] { silent, open })
        {
            var end = await Wire.EndAsync(call.ResponseStream, Token).WaitAsync(Patience, Token);
            Assert.Equal((StatusCode.Cancelled, "Session closed"), (end.StatusCode, end.Detail));
        }
    }

    /// <summary>The server waits for the beginning of a request for as long as it says (one second here), then hangs up.</summary>
    [Theory]
    [InlineData("PR")]
    [InlineData("")]
    [InlineData("GET /health/live HT")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0")]
    public async Task A_connection_that_begins_and_waits_is_hung_up_on(string beginning)
    {
        using var client = new TcpClient("localhost", fixture.Server.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), Token);
        Assert.True(await HangsUpAsync(stream));
    }

    [Fact]
    public async Task A_connection_that_speaks_another_language_is_hung_up_on()
    {
        using var client = new TcpClient("localhost", fixture.Server.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Enumerable.Range(0, 4096).Select(index => (byte)(index * 31)).ToArray(), Token);
        Assert.True(await HangsUpAsync(stream));
    }

    [Fact]
    public async Task The_server_serves_valid_calls_after_malformed_input()
    {
        await using var session = await Session.ConnectAsync(fixture.Server.Address, Wire.Login, cancellationToken: Token);
        using var call = await Wire.OpenAsync(session.CallInvoker, Wire.Scope("echo", "Echo"), Token);
        await call.RequestStream.WriteAsync(Wire.Data("still here"u8.ToArray()), Token);
        Assert.True(await call.ResponseStream.MoveNext(Token).WaitAsync(Patience, Token));
        Assert.Equal("still here", call.ResponseStream.Current.Data.Payload.ToStringUtf8());
    }

    private static StreamRequest Opening(string opening) => opening switch
    {
        "nothing set" => new StreamRequest(),
        "data first" => Wire.Data([]),
        "no ticket" => Wire.Connect(new() { Type = "Echo" }),
        "no type" => Wire.Connect(Wire.Scope("echo", "")),
        "ticket of an unknown kind" => Wire.Connect(Wire.Typed([(byte)'z', 1], "Echo")),
        "export ticket of two bytes" => Wire.Connect(Wire.Typed([(byte)'e', 1], "Echo")),
        "export ticket of six bytes" => Wire.Connect(Wire.Typed([(byte)'e', 1, 0, 0, 0, 0], "Echo")),
        "shared ticket of one byte" => Wire.Connect(Wire.Typed([(byte)'h'], "Echo")),
        "scope ticket without a name" => Wire.Connect(Wire.Scope("", "Echo")),
        "scope ticket that is no UTF-8" => Wire.Connect(Wire.Typed([(byte)'s', (byte)'/', 0xff], "Echo")),
        "application ticket without slashes" => Wire.Connect(Wire.Typed("a/x"u8.ToArray(), "Echo")),
        "ticket of 5000 bytes" => Wire.Connect(Wire.Typed([(byte)'h', .. new byte[5000]], "Echo")),
        "export that the server never gave" => Wire.Connect(Wire.Typed([(byte)'e', 0x18, 0xfc, 0xff, 0xff], "Echo")),
        "variable that is not there" => Wire.Connect(Wire.Scope("no_such_thing", "Echo")),
        "shared ticket that nobody published" => Wire.Connect(Wire.Typed("hnobody"u8.ToArray(), "Echo")),
        "another type" => Wire.Connect(Wire.Scope("echo", "Counter")),
        _ => throw new ArgumentOutOfRangeException(nameof(opening), opening, "no such opening"),
    };

    private static async Task<bool> HangsUpAsync(NetworkStream stream)
    {
        var buffer = new byte[4096];
        try
        {
            // What the server may say before it goes (settings, 400 Bad Request) is not looked at.
            while (await stream.ReadAsync(buffer, Token).AsTask().WaitAsync(Patience, Token) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public sealed class ServerFixture : IAsyncLifetime
    {
        public ServerProcess Server { get; private set; } = null!;

        public Session Session { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await ServerProcess.StartAsync(new Dictionary<string, string?> { ["Wharf__Gateway__HandshakeTimeout"] = "00:00:01" });
            Session = await Session.ConnectAsync(Server.Address, Wire.Login);
        }

        public async ValueTask DisposeAsync()
        {
            await Session.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
