using Apache.Arrow;
using Apache.Arrow.Flight;
using Apache.Arrow.Flight.Client;
using Grpc.Core;
using Wharf.Protocol;

namespace Wharf.Client;

/// <summary>Writes record batches to the server as a new export.</summary>
internal static class TableUpload
{
    public static async Task RunAsync(FlightClient flight, ExportTicket result, Schema schema, IAsyncEnumerable<RecordBatch> batches, TimeLimit limit)
    {
        using (limit)
        {
            try
            {
                await RunUnguardedAsync(flight, result, schema, batches, limit).ConfigureAwait(false);
            }
            catch (RpcException failed) when (!failed.IsBy(limit.Token))
            {
                throw WharfException.From(failed, result);
            }
            catch (Exception cancelled) when (cancelled is RpcException || (cancelled is OperationCanceledException && limit.Token.IsCancellationRequested))
            {
                throw limit.Failure(cancelled, result);
            }
        }
    }

    private static async Task RunUnguardedAsync(FlightClient flight, ExportTicket result, Schema schema, IAsyncEnumerable<RecordBatch> batches, TimeLimit limit)
    {
        var descriptor = FlightDescriptor.CreatePathDescriptor([.. result.ToPath()]);
        using var call = await flight.StartPut(descriptor, schema, [], deadline: null, limit.Token).ConfigureAwait(false);
        // The server confirms every batch; unread confirmations would in the end keep it from reading ours.
        var confirmed = ReadToEndAsync(call.ResponseStream, limit);
        try
        {
            await foreach (var batch in batches.WithCancellation(limit.Token).ConfigureAwait(false))
            {
                await call.RequestStream.WriteAsync(batch).ConfigureAwait(false);
                limit.Restart();
            }
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
            throw new WharfException(StatusCode.Aborted, "the server ended the upload before all batches were sent", result, inner: broken);
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

    private static async Task ReadToEndAsync(IAsyncStreamReader<FlightPutResult> results, TimeLimit limit)
    {
        // A confirmation has nothing to say beyond that it is there.
        while (await results.MoveNext(limit.Token).ConfigureAwait(false))
            limit.Restart();
    }
}
