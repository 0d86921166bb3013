using Google.Protobuf;
using Wharf.Grains;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>Parses the messages of a browser's stream, which nodes exchange as bytes.</summary>
internal static class BrowserStreamMessages
{
    public static Wire.StreamRequest Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Wire.StreamRequest.Parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new FaultException(FaultCode.InvalidArgument, $"The bytes are not a {nameof(Wire.StreamRequest)}: {broken.Message}");
        }
    }
}
