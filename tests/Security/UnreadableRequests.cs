using System.Net;
using Wharf.Security.Fuzzing;

namespace Wharf.Security;

/// <summary>Requests that cannot be read are errors of the caller in every service, also in those that other libraries bring.</summary>
public sealed class UnreadableRequests
{
    private const int Ok = 0, InvalidArgument = 3;

    // A tag whose number does not end.
    private static readonly byte[] NoMessage = [0, 0, 0, 0, 1, 0x80];
    private static readonly byte[] EmptyMessage = [0, 0, 0, 0, 0];

    [Theory]
    [InlineData("/grpc.health.v1.Health/Check")]
    [InlineData("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")]
    [InlineData("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")]
    [InlineData("/io.deephaven.proto.backplane.grpc.ConfigService/GetAuthenticationConstants")]
    public async Task A_body_that_is_no_message_is_an_error_of_the_caller_without_a_log_entry(string path)
    {
        await using var server = await FuzzServer.StartAsync(GuardedServer.Cancelled);
        using var client = new FuzzClient(server.Address);

        var refused = await SendAsync(client, path, NoMessage);
        var answered = await SendAsync(client, path, EmptyMessage);

        Assert.Equal(InvalidArgument, refused.Status);
        Assert.Equal(Ok, answered.Status);
        Assert.Empty(server.Errors.Kinds);
    }

    [Fact]
    public async Task A_stream_of_two_messages_in_base64_of_odd_length_is_an_error_of_the_caller()
    {
        await using var server = await FuzzServer.StartAsync(GuardedServer.Cancelled);
        using var client = new FuzzClient(server.Address);
        const string path = "/arrow.flight.protocol.FlightService/Handshake";

        // The reader of gRPC-Web takes a message whose bytes do not end with a group of base64 only at the end of the body.
        var refused = await client.SendAsync(new FuzzInput(path, FuzzWire.WebText, FuzzEnding.Complete, [], HasOddHeaders: false, [EmptyMessage, EmptyMessage]), FuzzServer.PreSharedKeyHeader, GuardedServer.Cancelled);
        var answered = await client.SendAsync(new FuzzInput(path, FuzzWire.WebText, FuzzEnding.Complete, [], HasOddHeaders: false, [EmptyMessage]), FuzzServer.PreSharedKeyHeader, GuardedServer.Cancelled);

        Assert.Equal(InvalidArgument, refused.Status);
        Assert.Equal(Ok, answered.Status);
        Assert.Empty(server.Errors.Kinds);
    }

    [Fact]
    public async Task A_content_type_that_is_not_grpc_is_an_error_of_the_caller()
    {
        await using var server = await FuzzServer.StartAsync(GuardedServer.Cancelled);
        using var client = new FuzzClient(server.Address);
        const string path = "/grpc.health.v1.Health/Check";

        var refused = await SendAsync(client, path, EmptyMessage, ("content-type", "text/plain"));
        var answered = await SendAsync(client, path, EmptyMessage, ("content-type", "application/grpc"));

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, InvalidArgument), (refused.Http, refused.Status));
        Assert.Equal((HttpStatusCode.OK, Ok), (answered.Http, answered.Status));
    }

    private static Task<FuzzOutcome> SendAsync(FuzzClient client, string path, byte[] frame, params (string, string)[] headers) =>
        client.SendAsync(new FuzzInput(path, FuzzWire.Http2, FuzzEnding.Complete, headers, HasOddHeaders: headers.Length > 0, [frame]), FuzzServer.PreSharedKeyHeader, GuardedServer.Cancelled);
}
