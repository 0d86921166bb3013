using Apache.Arrow;
using Grpc.Core;
using Wharf.Grains;
using Wharf.Tables;

namespace Wharf.Gateway.Flight;

/// <summary>Reads a table that comes in frames: an upload, or another node's table.</summary>
internal static class TableUploads
{
    /// <summary>An upload goes to one place.</summary>
    public static FaultException ChangesDescriptor() => new(FaultCode.InvalidArgument, "The upload changes its descriptor on the way");

    /// <summary>Reads all batches.</summary>
    /// <param name="frames">The frames after the first.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="acknowledge">Called for each batch, if it is not null.</param>
    /// <param name="maxBatchBytes">The maximum size of a decompressed batch.</param>
    /// <param name="memory">The charge that pays for the batches; the caller disposes of it when the table is stored.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <param name="isUpload">Whether a client sends the table; another node's table keeps all of its attributes.</param>
    /// <exception cref="FaultException">INVALID_ARGUMENT: it is no table. RESOURCE_EXHAUSTED: it does not fit into the memory that it may use.</exception>
    public static async Task<ArrowTable> ReadAsync(
        IAsyncStreamReader<FlightFrame> frames, FlightFrame first, Func<Task>? acknowledge, int maxBatchBytes, MemoryCharge? memory,
        CancellationToken cancellationToken, bool isUpload = true)
    {
        var upload = new UploadReader(maxBatchBytes, memory);
        var batches = new List<RecordBatch>();
        for (var frame = first; ; frame = frames.Current)
        {
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
            // Only messages of this server are passed on to clients.
            string problem = wrong is TableException or FlightFrameException ? wrong.Message : "it is not an Arrow stream";
            throw new FaultException(FaultCode.InvalidArgument, $"The upload cannot be read: {problem}");
        }
    }
}
