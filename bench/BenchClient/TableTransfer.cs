using System.Diagnostics;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Flight;

namespace Wharf.Bench;

/// <summary>
/// Uploads and downloads a table by Arrow Flight at the level of messages, without the cost of Arrow in the client, which does not depend on the server. The raw server
/// counts the received messages and sends as many of the same size.
/// </summary>
internal sealed class TableTransfer(Connection connection, long rows)
{
    private const int RowsPerBatch = 125_000;

    private readonly FlightService.FlightServiceClient _flight = new(connection.Channel);
    private readonly SessionService.SessionServiceClient _sessions = new(connection.Channel);
    private readonly (FlightData Schema, FlightData Batch) _frames = TableFrames.Make(RowsPerBatch);

    /// <summary>Uploads, downloads and releases one table.</summary>
    /// <returns>The megabytes of column data per second, in each direction.</returns>
    public async Task<(double Put, double Get)> RunAsync(int export)
    {
        var bytes = rows * TableFrames.BytesPerRow;
        var begun = Stopwatch.GetTimestamp();
        await PutAsync(export);
        var put = bytes / Stopwatch.GetElapsedTime(begun).TotalMicroseconds;

        begun = Stopwatch.GetTimestamp();
        var received = await GetAsync(export);
        var get = bytes / Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
        if (received < bytes)
            throw new InvalidOperationException($"{received} of {bytes} bytes were received");
        if (connection.Headers.Count > 0)
            await _sessions.ReleaseAsync(new() { Id = Tickets.Export(export) }, connection.Headers);
        return (put, get);
    }

    private async Task PutAsync(int export)
    {
        var first = _frames.Schema.Clone();
        first.FlightDescriptor = new() { Type = FlightDescriptor.Types.DescriptorType.Path, Path = { "export", $"{export}" } };
        using var call = _flight.DoPut(connection.Headers);
        var confirmed = Task.Run(async () =>
        {
            while (await call.ResponseStream.MoveNext(default))
            {
                // One acknowledgement per batch. Unread ones would eventually stop the server from reading.
            }
        });
        await call.RequestStream.WriteAsync(first);
        for (var sent = 0L; sent < rows; sent += RowsPerBatch)
            await call.RequestStream.WriteAsync(_frames.Batch);
        await call.RequestStream.CompleteAsync();
        await confirmed;
    }

    private async Task<long> GetAsync(int export)
    {
        using var call = _flight.DoGet(new Wharf.Protocol.Grpc.Flight.Ticket { Ticket_ = Tickets.Export(export).Ticket_ }, connection.Headers);
        var received = 0L;
        while (await call.ResponseStream.MoveNext(default))
            received += call.ResponseStream.Current.DataBody.Length;
        return received;
    }
}
