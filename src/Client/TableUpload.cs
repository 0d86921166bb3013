using Apache.Arrow;
using Apache.Arrow.Flight;
using Apache.Arrow.Flight.Client;
using Grpc.Core;
using Wharf.Protocol;

namespace Wharf.Client;

/// <summary>Writes record batches to the server as a new export.</summary>
internal static class TableUpload
{
    public static async Task RunAsync(
        FlightClient flight, ExportTicket result, Schema schema, IAsyncEnumerable<RecordBatch> batches, CancellationToken cancellationToken)
    {
        var descriptor = FlightDescriptor.CreatePathDescriptor([.. result.ToPath()]);
        using var call = await flight.StartPut(descriptor, schema, [], deadline: null, cancellationToken).ConfigureAwait(false);
        // The server confirms every batch; unread confirmations would in the end keep it from reading ours.
        var confirmed = ReadToEndAsync(call.ResponseStream, cancellationToken);
        try
        {
            await foreach (var batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
                await call.RequestStream.WriteAsync(batch).ConfigureAwait(false);
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception) when (!IsOver(call))
        {
            // The batches are at fault; the server is not to wait for more of them.
            call.Dispose();
            await confirmed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        catch (Exception broken) when (broken is RpcException or InvalidOperationException)
        {
            // The server has ended the upload. Its reason is the better error.
            await confirmed.ConfigureAwait(false);
            throw new WharfException("the server ended the upload before all batches were sent", broken);
        }
        await confirmed.ConfigureAwait(false);
    }

    private static bool IsOver(FlightRecordBatchDuplexStreamingCall call)
    {
        try
        {
            call.GetStatus();
            return true;
        }
        catch (InvalidOperationException)
        {
            // The transport's way to say that there is no status yet.
            return false;
        }
    }

    private static async Task ReadToEndAsync(IAsyncStreamReader<FlightPutResult> results, CancellationToken cancellationToken)
    {
        while (await results.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            // A confirmation has nothing to say beyond that it is there.
        }
    }
}
