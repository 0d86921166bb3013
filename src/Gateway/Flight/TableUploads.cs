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

    /// <summary>Reads all batches; each is acknowledged, if anybody waits for that.</summary>
    /// <exception cref="FaultException">INVALID_ARGUMENT: it is no table.</exception>
    public static async Task<ArrowTable> ReadAsync(
        IAsyncStreamReader<FlightFrame> frames, FlightFrame first, Func<Task>? acknowledge, CancellationToken cancellationToken)
    {
        var upload = new UploadReader();
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
            ? Refusing(() => ArrowTable.FromBatches(schema, batches))
            : throw new FaultException(FaultCode.InvalidArgument, "The upload has no schema");
    }

    // Arrow's reader trusts what it reads: bytes that are no table make it throw anything.
    private static T Refusing<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is not FaultException)
        {
            throw new FaultException(FaultCode.InvalidArgument, $"The upload cannot be read: {wrong.Message}");
        }
    }
}
