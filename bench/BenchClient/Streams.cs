using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>Helpers for message streams.</summary>
internal static class Streams
{
    /// <summary>Creates a message of a number of bytes.</summary>
    public static StreamRequest Message(int bytes) => new() { Data = new ClientData { Payload = ByteString.CopyFrom(new byte[bytes]) } };

    /// <summary>Completes the sending side, and reads until the server has ended the stream.</summary>
    public static async Task CloseAsync(this AsyncDuplexStreamingCall<StreamRequest, StreamResponse> call)
    {
        await call.RequestStream.CompleteAsync();
        while (await call.ResponseStream.MoveNext())
        {
            // Messages still in flight.
        }

        call.Dispose();
    }
}
