using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Wharf.Gateway.Errors;
using Wharf.Grains;
using Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Tests;

/// <summary>Compares headers and trailers of failed calls with the gRPC specification.</summary>
public sealed partial class ResponseHeaders(Server server) : IClassFixture<Server>
{
    private const string Backplane = "/io.deephaven.proto.backplane.grpc.";

    public static TheoryData<string, string> Calls()
    {
        var calls = new TheoryData<string, string>();
        foreach (var transport in new[] { RawCall.Http2, RawCall.Web, RawCall.WebText })
        {
            foreach (var call in new[] { "refused", "failed after its headers", "without a session", "not served", "an unknown service", "no message" })
                calls.Add(transport, call);
        }

        return calls;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Every_status_is_written_as_the_specification_asks(string transport, string call)
    {
        using var session = await server.LoginAsync();
        var (method, request, expected) = Request(call);
        var answer = await RawCall.SendAsync(server.Address, method, request, transport, call == "without a session" ? null : session.Authorization);

        foreach (var (name, value) in answer.Headers.Concat(answer.Trailers))
        {
            // The HTTP client of the test capitalizes well-known headers, such as Date.
            if (answer.Trailers.ContainsKey(name) || name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase))
                Assert.Matches(NamePattern(), name);
            Assert.Matches(ValuePattern(), value);
            Assert.Equal(value.Trim(), value);
            if (name.EndsWith("-bin", StringComparison.Ordinal))
                Assert.Matches(BinaryPattern(), value);
        }

        var status = answer.Status;
        Assert.InRange(status.Sum(static header => header.Key.Length + header.Value.Length + 32), 1, 8 * 1024);
        Assert.NotEqual("0", status["grpc-status"]);
        if (call == "failed after its headers")
            Assert.Contains("grpc-status", answer.Trailers);
        var message = Uri.UnescapeDataString(status.GetValueOrDefault("grpc-message", ""));
        Assert.Contains(expected, message, StringComparison.Ordinal);
        if (transport != RawCall.Http2)
            Assert.All(answer.Trailers.Values, static value => Assert.DoesNotContain(':', value));
        if (!answer.Trailers.ContainsKey("grpc-status") && expected.All(static character => character is >= ' ' and < '~' and not '%'))
            Assert.DoesNotContain('%', status.GetValueOrDefault("grpc-message", ""));
        if (!status.TryGetValue("grpc-status-details-bin", out var details))
            return;
        var decoded = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));
        Assert.Equal((status["grpc-status"], message), (decoded.Code.ToString(), decoded.Message));
    }

    [Theory]
    [InlineData("grpc-status-details-bin", "CAM=", "CAM")]
    [InlineData("grpc-status-details-bin", "CAMSAA==", "CAMSAA")]
    [InlineData("grpc-status-details-bin", "CAMS", "CAMS")]
    [InlineData("Some-Bin", "CAM=,CAMSAA==", "CAM,CAMSAA")]
    [InlineData("grpc-message", " at the ends ", "%20at the ends%20")]
    [InlineData("grpc-message", " ", "%20")]
    [InlineData("grpc-message", "%C3%A4", "%C3%A4")]
    [InlineData("authorization", "Bearer a:b=", "Bearer a:b=")]
    public void A_value_conforms(string name, string value, string expected) => Assert.Equal(expected, ResponseMetadata.Conform(name, value, isInBody: true));

    [Theory]
    [InlineData(true, "a%3A b%3Ac")]
    [InlineData(false, "a: b:c")]
    public void A_colon_of_a_message_is_escaped_in_the_body_only(bool isInBody, string expected) =>
        Assert.Equal(expected, ResponseMetadata.Conform("grpc-message", "a: b:c", isInBody));

    [Theory]
    [InlineData(true, "a; b;c ? ?- (C? D)")]
    [InlineData(false, "a: b:c ? ?- (C? D)")]
    public void A_message_is_plain_for_a_client_that_reads_no_escapes(bool isInBody, string expected) =>
        Assert.Equal(expected, ResponseMetadata.Conform("grpc-message", "a: b:c %25 %C3%A4~ (C%F0%9F%98%80%0AD) ", isInBody, isPlain: true));

    [Theory]
    [InlineData("application/grpc-web+proto", "sec-fetch-mode", "cors", true)]
    [InlineData("application/grpc-web+proto", null, "", true)]
    [InlineData("application/grpc-web+proto", "user-agent", "python", false)]
    [InlineData("application/grpc-web+proto", "accept", "*/*", false)]
    [InlineData("application/grpc-web+proto", "x-user-agent", "connect-es/2", false)]
    [InlineData("application/grpc-web", "sec-fetch-mode", "cors", false)]
    [InlineData("application/grpc", null, "", false)]
    public void Only_the_JavaScript_client_of_Deephaven_gets_plain_messages(string contentType, string? header, string value, bool expected)
    {
        var headers = new HeaderDictionary { ["x-grpc-web"] = "1" };
        if (header is not null)
            headers[header] = value;

        Assert.Equal(expected, PlainMessage.IsNeededBy(headers, contentType));
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("failed after its headers")]
    [InlineData("no message")]
    public async Task The_JavaScript_client_of_Deephaven_can_read_every_status(string call)
    {
        using var session = await server.LoginAsync();
        var (method, request, _) = Request(call);
        var answer = await RawCall.SendAsync(server.Address, method, request, RawCall.Web, session.Authorization, ("sec-fetch-mode", "cors"));

        // The client reads a percent escape, a tilde and other bytes nowhere, and a colon in headers only.
        var readable = answer.Trailers.ContainsKey("grpc-message") ? "^[ -$&-9;-}]+$" : "^[ -$&-}]+$";
        Assert.Matches(readable, answer.Status["grpc-message"]);
        var details = answer.Status["grpc-status-details-bin"];
        var exact = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '='))).Message;
        using var other = await server.LoginAsync();
        var escaped = await RawCall.SendAsync(server.Address, method, request, RawCall.Web, other.Authorization);
        Assert.Equal(exact, Uri.UnescapeDataString(escaped.Status["grpc-message"]));
    }

    [Fact]
    public void Several_values_conform_each() =>
        Assert.Equal(new StringValues(["CAM", "CAMS"]), ResponseMetadata.Conform("x-bin", new StringValues(["CAM=", "CAMS"]), isInBody: false));

    [Theory]
    [InlineData(":")]
    [InlineData("ä")]
    [InlineData("\u0001")]
    [InlineData("x")]
    [InlineData("😀")]
    public void The_longest_message_of_any_characters_fits_the_trailers(string unit)
    {
        var failure = GatewayErrors.ToRpcException(new Fault(FaultCode.InvalidArgument, string.Concat(Enumerable.Repeat(unit, 10_000))));
        var encoded = failure.Status.Detail.EnumerateRunes().Sum(static rune => ResponseMetadata.IsPlain(rune.Value) ? 1 : 3 * rune.Utf8SequenceLength);
        var details = failure.Trailers.Single(static entry => entry.IsBinary).ValueBytes.Length;

        Assert.InRange(encoded, 1000, 3072);
        Assert.InRange(encoded + (details * 4 / 3), 1000, (8 * 1024) - 512);
    }

    private static (string Method, byte[] Request, string Expected) Request(string call) => call switch
    {
        "refused" => (
            Backplane + "ObjectService/FetchObject",
            new FetchObjectRequest { SourceId = TestSession.Typed(TestSession.Scope("no: such %41 ä"), "Echo") }.ToByteArray(),
            "'no: such %41 ä'"),
        "failed after its headers" => (
            Backplane + "TableService/Batch",
            new BatchTableRequest
            {
                Ops =
                {
                    new BatchTableRequest.Types.Operation
                    {
                        FetchTable = new FetchTableRequest { ResultId = TestSession.Export(9), SourceId = new TableReference { Ticket = TestSession.Scope("no: such") } },
                    },
                },
            }.ToByteArray(),
            ""),
        "without a session" => (Backplane + "SessionService/TerminationNotification", [], ""),
        "not served" => ("/io.deephaven.proto.backplane.script.grpc.ConsoleService/SubscribeToLogs", [], "SubscribeToLogs is not served: "),
        "an unknown service" => ("/a.b.Unknown/Call", [], ""),
        "no message" => (Backplane + "SessionService/Release", [0x0A, 0x7F, 0x01], "Release: the bytes are not a ReleaseRequest: "),
        _ => throw new ArgumentOutOfRangeException(nameof(call)),
    };

    [GeneratedRegex("^:?[0-9a-z_.-]+$")]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[ -~]*$")]
    private static partial Regex ValuePattern();

    [GeneratedRegex("^[0-9A-Za-z+/,]*$")]
    private static partial Regex BinaryPattern();
}
