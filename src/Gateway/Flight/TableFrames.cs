using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Wharf.Tables;

namespace Wharf.Gateway.Flight;

/// <summary>Returns the frames of a table: its schema, and its batches, whose bodies refer to the table's memory.</summary>
internal static class TableFrames
{
    public static async IAsyncEnumerable<FlightFrame> ReadAsync(ArrowTable table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var charged = table.KeepCharged();
        var recorder = new FrameRecorder();
        // Not disposed: disposing writes an end-of-stream marker, which Flight does not have.
        var writer = new ArrowStreamWriter(recorder, table.Schema, leaveOpen: true, new IpcOptions(), new LastingMemory());
        await writer.WriteStartAsync(cancellationToken);
        foreach (var frame in recorder.Take())
            yield return frame;
        foreach (var batch in table.ReadBatches(cancellationToken: cancellationToken))
        {
            await writer.WriteRecordBatchAsync(batch, cancellationToken);
            foreach (var frame in recorder.Take())
                yield return frame;
        }
    }
}
