using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Services;
using Wharf.Gateway.Telemetry;
using Wharf.Tables;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>Runs message streams of gRPC and of browsers.</summary>
internal sealed class ObjectStreams(
    IGrainFactory grains,
    ObjectConnector connector,
    SessionWork work,
    Permissions permissions,
    SessionWatch watch,
    IOptions<GatewayOptions> options,
    GatewayInstruments instruments,
    PullDelay delay,
    MemoryAccountant memory,
    TimeProvider time,
    ILogger<ObjectStreamPump> logger)
{
    /// <summary>Runs one stream until it ends.</summary>
    public async Task RunAsync(
        CallSession session, IAsyncStreamReader<Wire.StreamRequest> requests, IAsyncStreamWriter<Wire.StreamResponse> responses, CancellationToken cancelled)
    {
        using var call = watch.Open(session, cancelled);
        using var pump = new ObjectStreamPump(session, call, requests, responses, connector, work, permissions, grains, options.Value, instruments, delay, memory, time, logger);
        instruments.StreamOpened();
        try
        {
            await pump.RunAsync();
        }
        finally
        {
            instruments.StreamClosed();
        }
    }
}
