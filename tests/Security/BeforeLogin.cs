using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Microsoft.Extensions.DependencyInjection;
using Wharf.Protocol.Grpc;
using Flight = Wharf.Protocol.Grpc.Flight;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Security;

/// <summary>Limits of callers that have not logged in. One server with small limits serves all tests.</summary>
public sealed class BeforeLogin(BeforeLogin.SmallServer fixture) : IClassFixture<BeforeLogin.SmallServer>
{
    private const int MaxStreams = 4;
    private const int Columns = 1000;
    private const string Export = "/io.deephaven.proto.backplane.grpc.SessionService/ExportFromTicket";
    private const string NewSession = "/io.deephaven.proto.backplane.grpc.SessionService/NewSession";
    private static readonly string[] Psk = ["authorization", $"io.deephaven.authentication.psk.PskAuthenticationHandler {GuardedServer.Key}"];

    private readonly GuardedServer _server = fixture.Server;

    [Theory]
    [InlineData(Export, new byte[] { 0, 5, 0, 0, 0, 1 }, 16)]
    [InlineData("/io.deephaven.proto.backplane.grpc.ObjectService/MessageStream", new byte[0], 16)]
    [InlineData("/arrow.flight.protocol.FlightService/DoPut", new byte[0], 16)]
    [InlineData(NewSession, new byte[] { 0, 0, 1, 0, 1 }, 8)]
    [InlineData("/io.deephaven.proto.backplane.grpc.TableService/Batch", new byte[] { 0, 0, 1, 0, 1 }, 8)]
    [InlineData("/arrow.flight.protocol.FlightService/DoGet", new byte[] { 0, 0, 1, 0, 1 }, 8)]
    public async Task A_request_without_a_session_is_refused_before_it_has_arrived(string method, byte[] start, int status)
    {
        using var content = new EndlessContent(start);
        using var response = await SendAsync(method, content);

        Assert.Equal($"{status}", response.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task A_request_of_a_session_waits_for_its_rest()
    {
        using var channel = _server.OpenChannel();
        var token = await LoginAsync(channel);
        using var content = new EndlessContent(0, 0, 0, 0, 9);
        var call = SendAsync(Export, content, token);
        await new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(new(), token);

        Assert.False(call.IsCompleted);
    }

    [Theory]
    [InlineData("application/grpc-web+proto")]
    [InlineData("application/grpc-web-text")]
    public async Task A_request_over_http_1_has_the_same_limits(string contentType)
    {
        var text = await RawAsync(Export, contentType, declaredLength: 1_000_000);
        Assert.Contains("grpc-status: 16", text, StringComparison.OrdinalIgnoreCase);

        text = await RawAsync(NewSession, contentType, 1_000_000, contentType.EndsWith("text", StringComparison.Ordinal) ? "AAABAAEA"u8.ToArray() : [0, 0, 1, 0, 1]);
        Assert.Contains("grpc-status: 8", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(60_000, StatusCode.Unauthenticated)]
    [InlineData(70_000, StatusCode.ResourceExhausted)]
    public async Task A_login_has_64_kilobytes(int length, StatusCode status)
    {
        using var channel = _server.OpenChannel();
        var payload = new WrappedAuthenticationRequest { Type = "io.deephaven.authentication.psk.PskAuthenticationHandler", Payload = ByteString.CopyFrom(new byte[length]) }.ToByteString();

#pragma warning disable CS0612 // Deprecated in the protocol, and still used.
        Assert.Equal(status, await StatusAsync(new SessionService.SessionServiceClient(channel).NewSessionAsync(new() { Payload = payload }).ResponseAsync));
#pragma warning restore CS0612
        using var handshake = new Flight.FlightService.FlightServiceClient(channel).Handshake();
        // The server may end the call while the message is being sent; then the write fails without the status.
        var write = await Record.ExceptionAsync(() => handshake.RequestStream.WriteAsync(new Flight.HandshakeRequest { Payload = payload }));
        Assert.True(write is null or RpcException);
        Assert.Equal(status, await StatusAsync(handshake.ResponseStream.MoveNext(GuardedServer.Cancelled)));
    }

    [Theory]
    [InlineData(1_000_000, StatusCode.OK)]
    [InlineData(5_000_000, StatusCode.ResourceExhausted)]
    public async Task A_session_sends_formulas_of_considerable_length(int length, StatusCode status)
    {
        using var channel = _server.OpenChannel();
        var token = await LoginAsync(channel);
        var tables = new TableService.TableServiceClient(channel);
        await tables.EmptyTableAsync(new() { ResultId = Ticket(1), Size = 1 }, token);
        var request = new SelectOrUpdateRequest { ResultId = Ticket(2), SourceId = new() { Ticket = Ticket(1) } };
        for (int column = 0; column < Columns; column++)
            request.ColumnSpecs.Add($"X{column} = `{new string('x', length / Columns)}`");

        Assert.Equal(status, await StatusAsync(tables.UpdateAsync(request, token).ResponseAsync));
    }

    [Theory]
    [InlineData(60_000, "The ticket is")]
    [InlineData(200_000, "The request has")]
    public async Task A_call_with_tickets_alone_is_short(int length, string refusal)
    {
        using var channel = _server.OpenChannel();
        var request = new ReleaseRequest { Id = new() { Ticket_ = ByteString.CopyFrom(new byte[length]) } };
        var headers = await LoginAsync(channel);

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await new SessionService.SessionServiceClient(channel).ReleaseAsync(request, headers));
        Assert.StartsWith(refusal, failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_without_a_session_are_few_per_address_and_end_in_time()
    {
        await UntilStreamsAsync(0);
        using var channel = _server.OpenChannel();
        var token = await LoginAsync(channel);
        var flight = new Flight.FlightService.FlightServiceClient(channel);
        using var loggedIn = flight.Handshake();
        await loggedIn.RequestStream.WriteAsync(Login());
        Assert.True(await loggedIn.ResponseStream.MoveNext(GuardedServer.Cancelled));
        using var fields = new ApplicationService.ApplicationServiceClient(channel).ListFields(new(), token);
        Assert.True(await fields.ResponseStream.MoveNext(GuardedServer.Cancelled));

        using var watch = new Health.HealthClient(channel).Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext(GuardedServer.Cancelled));
        using var silent = flight.Handshake();
        using var reflection = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();
        await reflection.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await reflection.ResponseStream.MoveNext(GuardedServer.Cancelled));
        using var fourth = new Health.HealthClient(channel).Watch(new HealthCheckRequest());
        Assert.True(await fourth.ResponseStream.MoveNext(GuardedServer.Cancelled));
        await UntilStreamsAsync(MaxStreams);
        using (var fifth = new Health.HealthClient(channel).Watch(new HealthCheckRequest()))
            Assert.Equal(StatusCode.ResourceExhausted, await StatusAsync(fifth.ResponseStream.MoveNext(GuardedServer.Cancelled)));

        var watched = watch.ResponseStream.MoveNext(GuardedServer.Cancelled);
        Assert.False(watched.IsCompleted);
        fixture.StreamTimes.Elapse();
        Assert.Equal(StatusCode.DeadlineExceeded, await StatusAsync(watched));
        Assert.Equal(StatusCode.DeadlineExceeded, await StatusAsync(silent.ResponseStream.MoveNext(GuardedServer.Cancelled)));
        Assert.Equal(StatusCode.DeadlineExceeded, await StatusAsync(reflection.ResponseStream.MoveNext(GuardedServer.Cancelled)));
        Assert.Equal(StatusCode.DeadlineExceeded, await StatusAsync(EndAsync(fourth.ResponseStream)));

        // Both are older than the streams that have ended.
        await loggedIn.RequestStream.WriteAsync(Login());
        Assert.True(await loggedIn.ResponseStream.MoveNext(GuardedServer.Cancelled));
        using var more = new Health.HealthClient(channel).Watch(new HealthCheckRequest());
        Assert.True(await more.ResponseStream.MoveNext(GuardedServer.Cancelled));
        var next = fields.ResponseStream.MoveNext(GuardedServer.Cancelled);
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public async Task An_address_has_so_many_connections_and_one_that_closes_makes_room()
    {
        await using var server = await GuardedServer.StartAsync(static options => options.Settings["Wharf:Gateway:MaxConnectionsPerAddress"] = "2");
        using var first = await TryOpenAsync(server);
        var second = await TryOpenAsync(server);
        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.Null(await TryOpenAsync(server));

        second.Dispose();
        TcpClient? next = null;
        while (next is null)
            next = await TryOpenAsync(server);
        next.Dispose();
    }

    // The server counts a stream some time after its client has opened it, and until some time after its client has ended it.
    private async Task UntilStreamsAsync(int count)
    {
        while (fixture.StreamTimes.Count != count)
            await Task.Delay(1, GuardedServer.Cancelled);
    }

    private static Flight.HandshakeRequest Login() => new()
    {
        Payload = new WrappedAuthenticationRequest { Type = "io.deephaven.authentication.psk.PskAuthenticationHandler", Payload = ByteString.CopyFromUtf8(GuardedServer.Key) }.ToByteString(),
    };

    private static Ticket Ticket(int id) => new() { Ticket_ = ByteString.CopyFrom([(byte)'e', (byte)id, 0, 0, 0]) };

    private static async Task<Metadata> LoginAsync(GrpcChannel channel)
    {
        var call = new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(new(), new Metadata { { Psk[0], Psk[1] } });
        return new Metadata { { "authorization", (await call.ResponseHeadersAsync).GetValue("authorization")! } };
    }

    private static async Task EndAsync<T>(IAsyncStreamReader<T> stream)
    {
        while (await stream.MoveNext(GuardedServer.Cancelled))
        {
        }
    }

    private static async Task<StatusCode> StatusAsync(Task call)
    {
        try
        {
            await call.WaitAsync(TimeSpan.FromSeconds(30), GuardedServer.Cancelled);
            return StatusCode.OK;
        }
        catch (RpcException failure)
        {
            return failure.StatusCode;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string method, HttpContent content, Metadata? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Address, method)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        request.Headers.Add("te", "trailers");
        foreach (var header in headers ?? [])
            request.Headers.TryAddWithoutValidation(header.Key, header.Value);
        return await fixture.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, GuardedServer.Cancelled).WaitAsync(TimeSpan.FromSeconds(30), GuardedServer.Cancelled);
    }

    private async Task<string> RawAsync(string method, string contentType, int declaredLength, byte[]? start = null)
    {
        using var client = await OpenAsync(_server);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {method} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {contentType}\r\nContent-Length: {declaredLength}\r\n\r\n"), GuardedServer.Cancelled);
        await stream.WriteAsync(start ?? [], GuardedServer.Cancelled);
        using var reader = new StreamReader(stream);
        var head = new StringBuilder();
        while (await reader.ReadLineAsync(GuardedServer.Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(30), GuardedServer.Cancelled) is { Length: > 0 } line)
            head.AppendLine(line);
        return head.ToString();
    }

    private static async Task<TcpClient> OpenAsync(GuardedServer server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, GuardedServer.Cancelled);
        return client;
    }

    // Null when the server closes the connection without an answer.
    private static async Task<TcpClient?> TryOpenAsync(GuardedServer server)
    {
        TcpClient? client = null;
        try
        {
            client = await OpenAsync(server);
            await client.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), GuardedServer.Cancelled);
            if (await client.GetStream().ReadAsync(new byte[1], GuardedServer.Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(30), GuardedServer.Cancelled) == 1)
                return client;
        }
        catch (Exception closed) when (closed is IOException or SocketException)
        {
        }

        client?.Dispose();
        return null;
    }

    /// <summary>A server whose limits of streams without a session are soon reached.</summary>
    public sealed class SmallServer : IAsyncLifetime
    {
        internal GuardedServer Server { get; private set; } = null!;

        private static readonly TimeSpan StreamTime = new(0, 7, 13);

        internal HttpClient Http { get; } = new();

        /// <summary>The times of the streams without a session.</summary>
        internal HeldTimers StreamTimes { get; } = new(StreamTime);

        public async ValueTask InitializeAsync() => Server = await GuardedServer.StartAsync(
            static options =>
            {
                options.Settings["Wharf:Gateway:MaxStreamsWithoutSessionPerAddress"] = $"{MaxStreams}";
                options.Settings["Wharf:Gateway:StreamTimeWithoutSession"] = $"{StreamTime}";
            },
            services => services.AddSingleton<TimeProvider>(StreamTimes));

        public ValueTask DisposeAsync()
        {
            Http.Dispose();
            return Server.DisposeAsync();
        }
    }
}
