using Apache.Arrow;
using Grpc.Core;
using Wharf.Protocol;
using Wharf.Protocol.Grpc.Flight;

namespace Wharf.Client;

/// <summary>Uploads record batches to the server as a new export.</summary>
internal static class TableUpload
{
    public static async Task RunAsync(
        FlightService.FlightServiceClient flight, ExportTicket result, Schema schema, IAsyncEnumerable<RecordBatch> batches,
        TimeLimit limit)
    {
        using (limit)
        {
            try
            {
                await RunCoreAsync(flight, result, schema, batches, limit).ConfigureAwait(false);
            }
            catch (RpcException failed) when (!failed.IsCausedBy(limit.Token))
            {
                throw WharfException.From(failed, result);
            }
            catch (Exception cancelled) when (cancelled is RpcException
                || (cancelled is OperationCanceledException && limit.Token.IsCancellationRequested))
            {
                throw limit.Failure(cancelled, result);
            }
        }
    }

    private static async Task RunCoreAsync(
        FlightService.FlightServiceClient flight, ExportTicket result, Schema schema, IAsyncEnumerable<RecordBatch> batches,
        TimeLimit limit)
    {
        var messages = new UploadMessages(schema);
        var target = new FlightDescriptor { Type = FlightDescriptor.Types.DescriptorType.Path, Path = { result.ToPath() } };
        using var call = flight.DoPut(cancellationToken: limit.Token);
        // The server acknowledges every batch. Unread acknowledgements would eventually stop it from reading.
        var confirmed = ReadToEndAsync(call.ResponseStream, limit);
        try
        {
            await SendAsync(messages.First(target)).ConfigureAwait(false);
            var number = 0;
            await foreach (var batch in batches.WithCancellation(limit.Token).ConfigureAwait(false))
            {
                BatchCheck.ThrowIfMismatch(schema, batch, ++number);
                foreach (var message in messages.Batch(batch))
                    await SendAsync(message).ConfigureAwait(false);
                limit.Restart();
            }
            await CompleteAsync().ConfigureAwait(false);
        }
        catch
        {
            // Ends the call, so that the server does not wait for further batches.
            call.Dispose();
            await confirmed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        await confirmed.ConfigureAwait(false);

        Task SendAsync(FlightData message) => ThrowUploadFailureAsync(call.RequestStream.WriteAsync(message));

        Task CompleteAsync() => ThrowUploadFailureAsync(call.RequestStream.CompleteAsync());

        async Task ThrowUploadFailureAsync(Task sent)
        {
            try
            {
                await sent.ConfigureAwait(false);
            }
            catch (Exception broken) when (broken is RpcException or InvalidOperationException)
            {
                // The server has ended the upload. The status of the stream is the reason, not the error of the write.
                await confirmed.ConfigureAwait(false);
                throw new WharfException(
                    StatusCode.Aborted, "the server ended the upload before all batches were sent", result, inner: broken);
            }
        }
    }

    private static async Task ReadToEndAsync(IAsyncStreamReader<PutResult> results, TimeLimit limit)
    {
        // Acknowledgements have no content.
        while (await results.MoveNext(limit.Token).ConfigureAwait(false))
            limit.Restart();
    }
}
