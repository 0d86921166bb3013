using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>A named object of the server, reached through one connection.</summary>
internal sealed class NamedObject(Connection connection, string name, string type)
{
    private readonly ObjectService.ObjectServiceClient _client = new(connection.Channel);

    private readonly StreamRequest _connect = new()
    {
        Connect = new ConnectRequest { SourceId = new TypedTicket { Ticket = Tickets.Named(name), Type = type } },
    };

    /// <summary>Opens a stream and reads the first message of the object.</summary>
    public async Task<AsyncDuplexStreamingCall<StreamRequest, StreamResponse>> OpenAsync()
    {
        var call = _client.MessageStream(connection.Headers);
        await call.RequestStream.WriteAsync(_connect);
        if (!await call.ResponseStream.MoveNext())
            throw new InvalidOperationException("the stream ended before its first message");
        return call;
    }
}
