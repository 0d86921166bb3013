using Apache.Arrow;
using Apache.Arrow.Ipc;
using Wharf.Grains;

namespace Wharf.Gateway.Flight;

/// <summary>
/// Makes record batches of frames. Arrow's reader takes one piece of memory, which begins with the schema and the dictionaries: these are put into the room that was left before a
/// body, so that the batch lies where the body was copied to from the connection.
/// </summary>
internal sealed class UploadReader
{
    // The schema and the dictionaries, each with the prefix and the padding that it has in a file.
    private byte[] _preamble = [];

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

        var stream = Join(frame);
        if (kind == IpcMessages.Kind.RecordBatch)
            return new ArrowStreamReader(stream).ReadNextRecordBatch() ?? throw Refused("A batch has no rows to read");
        _preamble = stream.ToArray();
        Schema ??= new ArrowStreamReader(stream).Schema;
        return null;
    }

    /// <summary>What has come so far that counts, and the frame.</summary>
    private ReadOnlyMemory<byte> Join(FlightFrame frame)
    {
        int head = _preamble.Length + IpcMessages.PrefixLength + IpcMessages.Pad(frame.Header.Length);
        Memory<byte> joined;
        if (frame.Room.Length - frame.BodyLength is var room && room >= head)
        {
            joined = frame.Room[(int)(room - head)..];
        }
        else
        {
            joined = new byte[head + frame.BodyLength];
            int at = head;
            foreach (var piece in frame.Body)
            {
                piece.CopyTo(joined[at..]);
                at += piece.Length;
            }
        }

        _preamble.CopyTo(joined);
        IpcMessages.WritePrefix(joined.Span[_preamble.Length..], frame.Header.Length);
        frame.Header.CopyTo(joined[(_preamble.Length + IpcMessages.PrefixLength)..]);
        return joined;
    }

    private static FaultException Refused(string text) => new(FaultCode.InvalidArgument, text);
}
