using Apache.Arrow;
using Apache.Arrow.Ipc;
using Wharf.Grains;

namespace Wharf.Gateway.Flight;

/// <summary>
/// Makes record batches of frames. A long batch stays where its body was copied to from the connection: the schema, which Arrow's reader wants to see first, is put into the room that was left
/// before the body. Short batches, and those that need dictionaries, are read one after the other by one reader, which copies them: nothing that came once is kept with every batch.
/// </summary>
internal sealed class UploadReader
{
    private readonly Pending _pending = new();
    private readonly ArrowStreamReader _reader;
    private byte[] _schema = [];
    private bool _hasDictionaries;

    public UploadReader() => _reader = new ArrowStreamReader(_pending, leaveOpen: true);

    /// <summary>The schema, once it has come.</summary>
    public Schema? Schema { get; private set; }

    /// <summary>Reads a frame.</summary>
    /// <returns>The batch, or null for a frame that brings none.</returns>
    /// <exception cref="FaultException">INVALID_ARGUMENT: a frame has no place there.</exception>
    public RecordBatch? Read(FlightFrame frame)
    {
        if (frame.Header.IsEmpty)
            return null;
        var (kind, bodyLength) = IpcMessages.Read(frame.Header.Span);
        if (kind is not (IpcMessages.Kind.Schema or IpcMessages.Kind.DictionaryBatch or IpcMessages.Kind.RecordBatch))
            throw Refused($"Arrow messages of kind {(int)kind} cannot be uploaded");
        if (kind == IpcMessages.Kind.Schema && Schema is not null)
            return null;
        if (kind != IpcMessages.Kind.Schema && Schema is null)
            throw Refused("A batch came before the schema");
        if (bodyLength != frame.BodyLength)
            throw Refused($"A body has {frame.BodyLength} bytes, its header says {bodyLength}");

        if (kind == IpcMessages.Kind.RecordBatch && !_hasDictionaries && TryPlace(frame, out var placed))
            return new ArrowStreamReader(placed).ReadNextRecordBatch() ?? throw NoBatch();
        Append(frame);
        switch (kind)
        {
            case IpcMessages.Kind.Schema:
                _schema = _pending.ToArray();
                Schema = _reader.Schema;
                break;
            case IpcMessages.Kind.DictionaryBatch:
                // It is read with the batch that follows.
                _hasDictionaries = true;
                return null;
        }

        var batch = kind == IpcMessages.Kind.RecordBatch ? _reader.ReadNextRecordBatch() ?? throw NoBatch() : null;
        _pending.SetLength(0);
        return batch;
    }

    /// <summary>Puts the schema and the header before the body, where there is room for them.</summary>
    private bool TryPlace(FlightFrame frame, out Memory<byte> placed)
    {
        int head = _schema.Length + IpcMessages.PrefixLength + IpcMessages.Pad(frame.Header.Length);
        long start = frame.Room.Length - frame.BodyLength - head;
        placed = start >= 0 ? frame.Room[(int)start..] : default;
        if (start < 0)
            return false;
        _schema.CopyTo(placed);
        WriteHead(frame, placed.Span[_schema.Length..head]);
        return true;
    }

    /// <summary>Adds a frame to what the one reader reads next.</summary>
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

    private static FaultException NoBatch() => Refused("A batch cannot be read");

    private static FaultException Refused(string text) => new(FaultCode.InvalidArgument, text);

    /// <summary>What the one reader has not read yet. Its buffer is not shown: Arrow's reader would keep to what is in it at the beginning.</summary>
    private sealed class Pending : MemoryStream
    {
        public override bool TryGetBuffer(out ArraySegment<byte> buffer)
        {
            buffer = default;
            return false;
        }
    }
}
