using Grpc.Core;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Sessions;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>Runs message streams of gRPC and of browsers.</summary>
internal sealed class ObjectStreams(StreamDependencies services, SessionWatch watch)
{
    /// <summary>Runs one stream until it ends.</summary>
    public async Task RunAsync(
        CallSession session, IAsyncStreamReader<Wire.StreamRequest> requests, IAsyncStreamWriter<Wire.StreamResponse> responses, CancellationToken cancelled)
    {
        using var call = watch.Open(session, cancelled);
        using var pump = new ObjectStreamPump(session, call, requests, responses, services);
        services.Instruments.StreamOpened();
        try
        {
            await pump.RunAsync();
        }
        finally
        {
            services.Instruments.StreamClosed();
        }
    }
}
