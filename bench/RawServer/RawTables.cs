using Grpc.Core;
using Wharf.Protocol.Grpc.Flight;

namespace Wharf.Bench;

/// <summary>Handles Flight messages as bytes: DoPut counts messages, and DoGet sends as many of the same size.</summary>
internal sealed class RawTables : FlightService.FlightServiceBase
{
    private static FlightData s_last = new();
    private static int s_count;

    public override async Task DoPut(IAsyncStreamReader<FlightData> requestStream, IServerStreamWriter<PutResult> responseStream, ServerCallContext context)
    {
        s_count = 0;
        await foreach (var frame in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (frame.DataBody.IsEmpty)
                continue;
            s_count++;
            s_last = frame;
            await responseStream.WriteAsync(new PutResult());
        }
    }

    public override async Task DoGet(Ticket request, IServerStreamWriter<FlightData> responseStream, ServerCallContext context)
    {
        var (frame, count) = (new FlightData { DataHeader = s_last.DataHeader, DataBody = s_last.DataBody }, s_count);
        for (var sent = 0; sent < count; sent++)
            await responseStream.WriteAsync(frame, context.CancellationToken);
    }
}
