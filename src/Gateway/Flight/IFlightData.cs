using Grpc.Core;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>The two calls of Flight that move tables.</summary>
internal interface IFlightData
{
    /// <summary>Sends a table.</summary>
    Task DoGet(Wire.Ticket request, IServerStreamWriter<FlightFrame> responseStream, ServerCallContext context);

    /// <summary>Takes a table.</summary>
    Task DoPut(IAsyncStreamReader<FlightFrame> requestStream, IServerStreamWriter<Wire.PutResult> responseStream, ServerCallContext context);
}
