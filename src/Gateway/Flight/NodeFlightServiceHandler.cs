using Grpc.Core;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>Arrow Flight on a silo that serves no clients: for nodes alone.</summary>
[BoundElsewhere(nameof(DoGet), nameof(DoPut))]
internal sealed class NodeFlightServiceHandler(NodeFlight nodes) : Wire.FlightService.FlightServiceBase, IFlightData
{
    /// <inheritdoc/>
    public Task DoGet(Wire.Ticket request, IServerStreamWriter<FlightFrame> responseStream, ServerCallContext context) =>
        nodes.SendAsync(NodeCall.Of(context)!, responseStream, context.CancellationToken);

    /// <inheritdoc/>
    public Task DoPut(IAsyncStreamReader<FlightFrame> requestStream, IServerStreamWriter<Wire.PutResult> responseStream, ServerCallContext context) =>
        nodes.TakeAsync(NodeCall.Of(context)!, requestStream, responseStream, context.CancellationToken);
}
