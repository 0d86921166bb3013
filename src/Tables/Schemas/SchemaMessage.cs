using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Wharf.Tables.Schemas;

/// <summary>
/// The schema as an encapsulated IPC message: <c>FF FF FF FF</c>, the length of the flatbuffer without its padding, the flatbuffer, zeros
/// up to a multiple of eight. The Arrow writer includes the padding in the length, which some clients do not accept, so the message is
/// assembled here.
/// </summary>
internal static class SchemaMessage
{
    private const int PrefixLength = 8;

    public static byte[] Write(Schema schema)
    {
        using var recorder = new WriteRecorder();
        using (var writer = new ArrowStreamWriter(recorder, schema, leaveOpen: true))
            writer.WriteStart();

        ReadOnlyMemory<byte> flatBuffer = recorder.LongestWrite();
        byte[] message = new byte[PrefixLength + ((flatBuffer.Length + 7) & ~7)];
        BinaryPrimitives.WriteUInt32LittleEndian(message, uint.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), flatBuffer.Length);
        flatBuffer.Span.CopyTo(message.AsSpan(PrefixLength));
        return message;
    }

    /// <summary>Records the longest write: the flatbuffer is one write, its prefix and its padding are others.</summary>
    private sealed class WriteRecorder : MemoryStream
    {
        private (long Start, int Length) _longest;

        public ReadOnlyMemory<byte> LongestWrite() => GetBuffer().AsMemory((int)_longest.Start, _longest.Length);

        public override void Write(byte[] buffer, int offset, int count)
        {
            Note(count);
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Note(buffer.Length);
            base.Write(buffer);
        }

        private void Note(int count)
        {
            if (count > _longest.Length)
                _longest = (Position, count);
        }
    }
}
