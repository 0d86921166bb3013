using Apache.Arrow;
using Grpc.Core;
using Wharf.Grains;
using Wharf.Tables;

namespace Wharf.Gateway.Flight;

/// <summary>Reads a table from frames: an upload, or a table of another node.</summary>
internal static class TableUploads
{
    /// <summary>Creates the failure of an upload whose messages have different descriptors.</summary>
    public static FaultException ChangesDescriptor() => new(FaultCode.InvalidArgument, "The messages of the upload have different descriptors");

    /// <summary>Reads all batches. The frames must not be used again: when reading fails, later uploads use the memory of their bodies.</summary>
    /// <param name="frames">The frames after the first.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="acknowledge">Called for each batch, if it is not null.</param>
    /// <param name="maxBatchBytes">The maximum size of a decompressed batch.</param>
    /// <param name="memory">The charge that pays for the batches; the caller disposes of it when the table is stored.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <param name="isUpload">Whether a client sends the table. A table of another node keeps all of its attributes.</param>
    /// <exception cref="FaultException">INVALID_ARGUMENT: the frames are not a table. RESOURCE_EXHAUSTED: the table exceeds its memory budget.</exception>
    public static async Task<ArrowTable> ReadAsync(
        IAsyncStreamReader<FlightFrame> frames, FlightFrame first, Func<Task>? acknowledge, int maxBatchBytes, MemoryCharge? memory,
        CancellationToken cancellationToken, bool isUpload = true)
    {
        var upload = new UploadReader(maxBatchBytes, memory);
        var batches = new List<RecordBatch>();
        var bodies = new List<byte[]>();
        try
        {
            for (var frame = first; ; frame = frames.Current)
            {
                if (frame.Array is { } array)
                    bodies.Add(array);
                if (frame.Descriptor is { } other && !other.Equals(first.Descriptor))
                    throw ChangesDescriptor();
                if (Refusing(() => upload.Read(frame)) is { } batch)
                {
                    batches.Add(batch);
                    if (acknowledge is not null)
                        await acknowledge();
                }
                if (!await frames.MoveNext(cancellationToken))
                    break;
            }
        }
        catch
        {
            // No table has been made of the batches, so nothing else refers to their memory.
            bodies.ForEach(BodyArrays.Shared.Return);
            throw;
        }
        return upload.Schema is { } schema
            ? Refusing(() => isUpload ? ArrowTable.FromBatches(schema, batches, memory) : ArrowTable.FromNode(schema, batches))
            : throw new FaultException(FaultCode.InvalidArgument, "The upload has no schema");
    }

    private static T Refusing<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TableException full) when (full.Error == TableError.ResourceExhausted)
        {
            throw new FaultException(FaultCode.ResourceExhausted, $"The upload does not fit: {full.Message}");
        }
        catch (Exception failed) when (MemoryFailure.Is(failed))
        {
            throw new FaultException(FaultCode.ResourceExhausted, MemoryFailure.Text);
        }
        catch (Exception wrong) when (wrong is not FaultException)
        {
            // Messages of other libraries are not sent to clients.
            string problem = wrong is TableException or FlightFrameException ? wrong.Message : "it is not an Arrow stream";
            throw new FaultException(FaultCode.InvalidArgument, $"The upload cannot be read: {problem}");
        }
    }
}
