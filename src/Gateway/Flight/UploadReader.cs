using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Wharf.Grains;
using Wharf.Tables;

namespace Wharf.Gateway.Flight;

/// <summary>
/// Converts frames to record batches. A long batch is not copied again: the schema, which Arrow's reader requires first, is written into the unused memory before the
/// body. Short batches, compressed ones, and those that need dictionaries are read in sequence by one reader, which copies them, so that no batch
/// keeps the memory of another alive.
/// </summary>
internal sealed class UploadReader
{
    private readonly Pending _pending = new();
    private readonly UploadMemory _memory;
    private readonly MemoryCharge? _charge;
    private readonly ArrowStreamReader _reader;
    private readonly int _maxBatchBytes;
    private byte[] _schema = [];
    private bool _hasDictionaries;

    /// <summary>Creates a reader.</summary>
    /// <param name="maxBatchBytes">The maximum size of a decompressed batch.</param>
    /// <param name="charge">The charge that pays for the batches.</param>
    public UploadReader(int maxBatchBytes, MemoryCharge? charge)
    {
        _charge = charge;
        _memory = new UploadMemory(charge);
        _maxBatchBytes = maxBatchBytes;
        _reader = new ArrowStreamReader(_pending, _memory, new CompressionCodecFactory(), leaveOpen: true);
    }

    /// <summary>The schema, or null before it is read.</summary>
    public Schema? Schema { get; private set; }

    /// <summary>Reads a frame.</summary>
    /// <returns>The batch, or null for a frame without a batch.</returns>
    /// <exception cref="FaultException">INVALID_ARGUMENT: the frame is malformed, or not allowed at this position.</exception>
    public RecordBatch? Read(FlightFrame frame)
    {
        if (frame.Header.IsEmpty)
            return null;
        var (kind, bodyLength) = IpcMessages.Read(frame.Header.Span);
        if (kind is not (IpcMessages.Kind.Schema or IpcMessages.Kind.DictionaryBatch or IpcMessages.Kind.RecordBatch))
            throw Refused($"it has an Arrow message of the kind {(int)kind}");
        if (kind == IpcMessages.Kind.Schema && Schema is not null)
            return null;
        if (kind != IpcMessages.Kind.Schema && Schema is null)
            throw Refused("a batch comes before the schema");
        if (bodyLength != frame.BodyLength)
            throw Refused($"a body has {frame.BodyLength} bytes, but its header declares {bodyLength}");
        if (!IpcVerifier.IsValid(frame.Header))
            throw Refused("the header of a message is not an Arrow message, or refers to bytes outside of it");

        if (kind == IpcMessages.Kind.RecordBatch && !_hasDictionaries && !IpcMessages.IsCompressed(frame.Header.Span) && TryPlace(frame, out var placed))
            return ReadBatch(new ArrowStreamReader(placed));
        Append(frame);
        switch (kind)
        {
            case IpcMessages.Kind.Schema:
                _schema = _pending.ToArray();
                Schema = ReadSchema(frame);
                break;
            case IpcMessages.Kind.DictionaryBatch:
                // The reader reads it with the next batch.
                _hasDictionaries = true;
                return null;
        }

        _memory.Limit(_pending.Length + _maxBatchBytes);
        var batch = kind == IpcMessages.Kind.RecordBatch ? ReadBatch(_reader) : null;
        _pending.SetLength(0);
        return batch;
    }

    // Arrow's reader does not validate its input: invalid bytes can cause any exception, with a text about the reader's code.
    private Schema ReadSchema(FlightFrame frame)
    {
        try
        {
            return _reader.Schema;
        }
        catch (Exception unread) when (!IsOutOfMemory(unread))
        {
            throw Refused(UnreadSchema.Explain(frame.Header.Span) ?? "the schema is not an Arrow schema, or has a type that this server does not support");
        }
    }

    private static RecordBatch ReadBatch(ArrowStreamReader reader)
    {
        try
        {
            return reader.ReadNextRecordBatch() ?? throw NoBatch();
        }
        catch (Exception unread) when (unread is not FaultException && !IsOutOfMemory(unread))
        {
            throw NoBatch();
        }
    }

    private static bool IsOutOfMemory(Exception failed) => MemoryFailure.Is(failed) || failed is TableException { Error: TableError.ResourceExhausted };

    /// <summary>Writes the schema and the header before the body, if there is room.</summary>
    private bool TryPlace(FlightFrame frame, out Memory<byte> placed)
    {
        int head = _schema.Length + IpcMessages.PrefixLength + IpcMessages.Pad(frame.Header.Length);
        long start = frame.Room.Length - frame.BodyLength - head;
        placed = start >= 0 ? frame.Room[(int)start..] : default;
        if (start < 0)
            return false;
        _charge?.Add(frame.Room.Length);
        _schema.CopyTo(placed);
        WriteHead(frame, placed.Span[_schema.Length..head]);
        return true;
    }

    /// <summary>Appends a frame to the input of the shared reader.</summary>
    private void Append(FlightFrame frame)
    {
        var head = new byte[IpcMessages.PrefixLength + IpcMessages.Pad(frame.Header.Length)];
        WriteHead(frame, head);
        long at = _pending.Position;
        _pending.Position = _pending.Length;
        _pending.Write(head);
        foreach (var piece in frame.Body)
            _pending.Write(piece.Span);
        _pending.Position = at;
    }

    private static void WriteHead(FlightFrame frame, Span<byte> head)
    {
        IpcMessages.WritePrefix(head, frame.Header.Length);
        frame.Header.Span.CopyTo(head[IpcMessages.PrefixLength..]);
        head[(IpcMessages.PrefixLength + frame.Header.Length)..].Clear();
    }

    private static FaultException NoBatch() => Refused("a batch, or a dictionary before it, does not fit the schema, or its compressed bytes are damaged");

    private static FaultException Refused(string problem) => new(FaultCode.InvalidArgument, $"The upload cannot be read: {problem}");

    /// <summary>The input of the shared reader. It hides its buffer: with access to it, Arrow's reader would read only the bytes of that moment.</summary>
    private sealed class Pending : MemoryStream
    {
        public override bool TryGetBuffer(out ArraySegment<byte> buffer)
        {
            buffer = default;
            return false;
        }
    }
}
