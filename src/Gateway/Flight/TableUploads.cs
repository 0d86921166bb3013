using Apache.Arrow;
using Apache.Arrow.Ipc;
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
        var upload = new UploadStream(frames, first);
        var batches = new List<RecordBatch>();
        var reader = new ArrowStreamReader(upload, leaveOpen: true);
        try
        {
            while (await reader.ReadNextRecordBatchAsync(cancellationToken) is { } batch)
            {
                batches.Add(batch);
                if (acknowledge is not null)
                    await acknowledge();
            }
            if (!upload.SawSchema)
                throw new FaultException(FaultCode.InvalidArgument, "The upload has no schema");
            return ArrowTable.FromBatches(reader.Schema, batches);
        }
        catch (Exception wrong) when (wrong is FormatException or InvalidDataException or IndexOutOfRangeException or ArgumentException or OverflowException
            or NotSupportedException or NotImplementedException or KeyNotFoundException or NullReferenceException or InvalidCastException or EndOfStreamException)
        {
            throw new FaultException(FaultCode.InvalidArgument, $"The upload cannot be read: {wrong.Message}");
        }
    }
}
