using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Flight;
using HandshakeRequest = Wharf.Protocol.Grpc.Flight.HandshakeRequest;
using HandshakeResponse = Wharf.Protocol.Grpc.Flight.HandshakeResponse;

namespace Wharf.Conformance.Tests;

public abstract class Handshake(ConformanceServer server)
{
    private const string Refused = "Authentication details invalid";
    private const string Unknown = "00000000-0000-0000-0000-000000003039";

    [Theory]
    [InlineData("Anonymous", "")]
    [InlineData(Protocol.LoginSchemes.PreSharedKey, Processes.ServerProcess.Psk)]
    public async Task Good_details_are_answered_with_a_token_that_is_good_everywhere(string type, string payload)
    {
        var (answer, responses) = await ShakeAsync([], Wrapped(type, payload));
        Assert.Equal(StatusCode.OK, answer.Code);
        var response = Assert.Single(responses);
        Assert.Equal(0UL, response.ProtocolVersion);
        var token = response.Payload.ToStringUtf8();
        Assert.DoesNotContain("Bearer", token, StringComparison.Ordinal);
        Assert.Equal(StatusCode.OK, (await ConfigureAsync(new Metadata { { "authorization", "Bearer " + token } })).Code);
        Assert.Equal(StatusCode.OK, (await ConfigureAsync(new Metadata { { "auth-token-bin", Encoding.ASCII.GetBytes(token) } })).Code);
    }

    [Theory]
    [InlineData("Anonymous", "x")]
    [InlineData("anonymous", "")]
    [InlineData(Protocol.LoginSchemes.PreSharedKey, "wrong")]
    [InlineData(Protocol.LoginSchemes.PreSharedKey, "")]
    [InlineData("Nope", "x")]
    [InlineData("", "x")]
    [InlineData("Basic", "a:b")]
    [InlineData("Bearer", "garbage")]
    [InlineData("Bearer", "")]
    public async Task Bad_details_end_the_stream_at_once(string type, string payload)
    {
        using var call = new FlightService.FlightServiceClient(server.Channel).Handshake();
        await call.RequestStream.WriteAsync(new HandshakeRequest { Payload = Wrapped(type, payload) });
        Assert.Equal(new Answer(StatusCode.Unauthenticated, Refused), await Answer.OfAsync(call.ResponseStream));
    }

    [Fact]
    public async Task Undecodable_bytes_are_bad_details()
    {
        foreach (var bytes in new[] { ByteString.Empty, ByteString.CopyFrom(0xff, 0xff, 0xff), ByteString.CopyFromUtf8("Anonymous") })
            Assert.Equal(new Answer(StatusCode.Unauthenticated, Refused), (await ShakeAsync([], bytes)).Answer);
    }

    [Fact]
    public async Task A_half_close_without_a_message_is_refused()
    {
        var (answer, responses) = await ShakeAsync([]);
        Assert.Equal(StatusCode.Unauthenticated, answer.Code);
        Assert.NotEqual(Refused, answer.Text);
        Assert.Empty(responses);
    }

    [Fact]
    public async Task A_token_that_was_never_given_out_or_whose_session_is_closed_is_passed_over()
    {
        var closed = await server.LoginAsync();
        await closed.CloseAsync();
        foreach (var token in new[] { Unknown, closed.Authorization["Bearer ".Length..] })
        {
            Assert.Equal(StatusCode.Unauthenticated, (await ShakeAsync([], Wrapped("Bearer", token))).Answer.Code);
            var (answer, responses) = await ShakeAsync([], Wrapped("Bearer", token), Wrapped("Anonymous", ""));
            Assert.Equal(StatusCode.OK, answer.Code);
            Assert.Single(responses);
        }
    }

    [Fact]
    public async Task A_live_token_is_answered_with_its_sessions_token()
    {
        await using var session = await server.LoginAsync();
        var (answer, responses) = await ShakeAsync([], Wrapped("Bearer", session.Authorization["Bearer ".Length..]));
        Assert.Equal(StatusCode.OK, answer.Code);
        Assert.Equal(session.Authorization, "Bearer " + Assert.Single(responses).Payload.ToStringUtf8());
    }

    [Fact]
    public async Task A_call_that_has_a_session_gets_no_message_whatever_it_sends()
    {
        await using var session = await server.LoginAsync();
        foreach (var headers in new[] { session.Headers, new Metadata { { "authorization", "Anonymous" } } })
        {
            var (answer, responses) = await ShakeAsync(headers, Wrapped("Nope", "x"));
            Assert.Equal(StatusCode.OK, answer.Code);
            Assert.Empty(responses);
        }
    }

    [Fact]
    public async Task The_stream_may_stay_open_for_renewals()
    {
        using var call = new FlightService.FlightServiceClient(server.Channel).Handshake();
        await call.RequestStream.WriteAsync(new HandshakeRequest { Payload = Wrapped("Anonymous", "") });
        var token = (await Answer.NextAsync(call.ResponseStream)).Payload;
        await call.RequestStream.WriteAsync(new HandshakeRequest { Payload = Wrapped("Bearer", token.ToStringUtf8()) });
        Assert.Equal(token, (await Answer.NextAsync(call.ResponseStream)).Payload);
        await call.RequestStream.CompleteAsync();
        Assert.Equal(StatusCode.OK, (await Answer.OfAsync(call.ResponseStream)).Code);
    }

    private static ByteString Wrapped(string type, string payload)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(4, WireFormat.WireType.LengthDelimited);
            output.WriteString(type);
            output.WriteTag(5, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFromUtf8(payload));
        }
        return ByteString.CopyFrom(bytes.ToArray());
    }

    private Task<Answer> ConfigureAsync(Metadata headers) =>
        Answer.OfAsync(new ConfigService.ConfigServiceClient(server.Channel).GetConfigurationConstantsAsync(new ConfigurationConstantsRequest(), headers));

    private async Task<(Answer Answer, List<HandshakeResponse> Responses)> ShakeAsync(Metadata headers, params ByteString[] payloads)
    {
        using var call = new FlightService.FlightServiceClient(server.Channel).Handshake(headers);
        foreach (var payload in payloads)
            await call.RequestStream.WriteAsync(new HandshakeRequest { Payload = payload });
        await call.RequestStream.CompleteAsync();
        var responses = new List<HandshakeResponse>();
        return (await Answer.OfAsync(call.ResponseStream, responses), responses);
    }
}
