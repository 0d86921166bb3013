using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>What the lines say and how they leave.</summary>
internal static class Streams
{
    /// <summary>A message of so many bytes.</summary>
    public static StreamRequest Message(int bytes) => new() { Data = new ClientData { Payload = ByteString.CopyFrom(new byte[bytes]) } };

    /// <summary>Says that nothing more comes and waits until the server has nothing more either.</summary>
    public static async Task CloseAsync(this AsyncDuplexStreamingCall<StreamRequest, StreamResponse> call)
    {
        await call.RequestStream.CompleteAsync();
        while (await call.ResponseStream.MoveNext())
        {
            // What is still on its way.
        }

        call.Dispose();
    }
}
