using Grpc.Core;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>The Flight calls that send and receive tables.</summary>
internal interface IFlightData
{
    /// <summary>Sends a table.</summary>
    Task DoGet(Wire.Ticket request, IServerStreamWriter<FlightFrame> responseStream, ServerCallContext context);

    /// <summary>Stores a table.</summary>
    Task DoPut(IAsyncStreamReader<FlightFrame> requestStream, IServerStreamWriter<Wire.PutResult> responseStream, ServerCallContext context);
}
