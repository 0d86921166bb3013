using System.Net;
using System.Net.Sockets;
using System.Text;
using Grpc.Core;
using Wharf.Protocol.Grpc;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Gateway.Tests;

/// <summary>One port serves every client, and answers requests that it cannot read.</summary>
public sealed class TransportAnswers(TransportAnswers.ImpatientServer fixture) : IClassFixture<TransportAnswers.ImpatientServer>
{
    private readonly Server _server = fixture.Server;

    [Fact]
    public async Task The_port_speaks_both_versions_of_http()
    {
        using var client = new HttpClient();
        using var old = await client.GetAsync(_server.Address + "/nothing");
        Assert.Equal((HttpStatusCode.NotFound, HttpVersion.Version11), (old.StatusCode, old.Version));
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.Address + "/nothing")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var current = await client.SendAsync(request);
        Assert.Equal((HttpStatusCode.NotFound, HttpVersion.Version20), (current.StatusCode, current.Version));
    }

    [Theory]
    [InlineData("PR")]
    [InlineData("")]
    public async Task A_connection_that_says_too_little_and_waits_is_dropped(string start)
    {
        var address = new Uri(_server.Address);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(start));
        var reading = client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        try
        {
            Assert.Equal(0, await reading);
        }
        catch (IOException)
        {
            // Dropped without a farewell is dropped, too.
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_message_are_the_callers_mistake()
    {
        using var session = await _server.LoginAsync();
        var method = new Method<byte[], byte[]>(
            MethodType.Unary, "io.deephaven.proto.backplane.grpc.SessionService", "Release", Marshallers.Create(bytes => bytes, bytes => bytes), Marshallers.Create(bytes => bytes, bytes => bytes));
        var call = session.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(session.Headers), [0x0A, 0x7F, 0x01]);
        await Failures.IsAsync(StatusCode.InvalidArgument, call);
    }

    [Fact]
    public async Task Streams_that_nobody_reads_do_not_stop_the_others_of_their_connection()
    {
        using var session = await _server.LoginAsync();
        var payload = Google.Protobuf.ByteString.CopyFrom(new byte[512 * 1024]);
        var unread = new List<AsyncDuplexStreamingCall<StreamRequest, StreamResponse>>();
        for (int count = 0; count < 20; count++)
        {
            var stream = session.Objects.MessageStream(session.Headers);
            unread.Add(stream);
            await stream.RequestStream.WriteAsync(TestSession.Connect(TestSession.Scope("echo"), "Echo"));
            await stream.RequestStream.WriteAsync(TestSession.Data(payload));
        }
        Assert.Equal(3, (await session.EmptyTableAsync(1, 3)).Size);
        foreach (var stream in unread)
            stream.Dispose();
    }

    /// <summary>A server that does not wait long for a connection to say what it is.</summary>
    public sealed class ImpatientServer : IAsyncLifetime
    {
        public Server Server { get; } = new(new Dictionary<string, string?> { ["Wharf:Gateway:HandshakeTimeout"] = "00:00:01" });

        public ValueTask InitializeAsync() => Server.InitializeAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
