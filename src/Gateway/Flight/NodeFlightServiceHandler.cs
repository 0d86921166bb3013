using Grpc.Core;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>Serves Arrow Flight to nodes only, on a silo that does not serve clients.</summary>
[BoundElsewhere(nameof(DoGet), nameof(DoPut))]
internal sealed class NodeFlightServiceHandler(NodeFlight nodes) : Wire.FlightService.FlightServiceBase, IFlightData
{
    /// <summary>The service of a silo without a gateway.</summary>
    public static ServedService Service { get; } = new ServedService<NodeFlightServiceHandler>(Wire.FlightService.Descriptor);

    /// <inheritdoc/>
    public Task DoGet(Wire.Ticket request, IServerStreamWriter<FlightFrame> responseStream, ServerCallContext context) =>
        nodes.SendAsync(NodeCall.Of(context)!, responseStream, context.CancellationToken);

    /// <inheritdoc/>
    public Task DoPut(IAsyncStreamReader<FlightFrame> requestStream, IServerStreamWriter<Wire.PutResult> responseStream, ServerCallContext context) =>
        nodes.StoreAsync(NodeCall.Of(context)!, requestStream, responseStream, context.CancellationToken);
}
