using System.Buffers.Binary;

namespace Wharf.Gateway.Flight;

/// <summary>Reads the kind of an Arrow IPC message and the length of its body from the flatbuffer, without parsing the message.</summary>
internal static class IpcMessages
{
    public const int Alignment = 8;

    /// <summary>The prefix of a message in a stream: a marker and the length of the padded header.</summary>
    public const int PrefixLength = 8;

    private const int HeaderTypeField = 1;
    private const int HeaderField = 2;
    private const int BodyLengthField = 3;
    private const int CompressionField = 3;

    /// <summary>The kind of a message.</summary>
    public enum Kind
    {
        None = 0,
        Schema = 1,
        DictionaryBatch = 2,
        RecordBatch = 3,
    }

    public static int Pad(int length) => (length + Alignment - 1) & -Alignment;

    /// <summary>Reads the kind of a message and the length of its body.</summary>
    /// <exception cref="FlightFrameException">The bytes are not the flatbuffer of a message.</exception>
    public static (Kind Kind, long BodyLength) Read(ReadOnlySpan<byte> header)
    {
        int table = ReadInt32(header, 0);
        int kindAt = Find(header, table, HeaderTypeField);
        int lengthAt = Find(header, table, BodyLengthField);
        return ((Kind)(kindAt == 0 ? 0 : Slice(header, kindAt, 1)[0]), lengthAt == 0 ? 0 : BinaryPrimitives.ReadInt64LittleEndian(Slice(header, lengthAt, 8)));
    }

    /// <summary>Returns whether the buffers of a record batch are compressed.</summary>
    /// <param name="header">The flatbuffer of a message of the kind <see cref="Kind.RecordBatch"/>.</param>
    /// <exception cref="FlightFrameException">The bytes are not the flatbuffer of a message.</exception>
    public static bool IsCompressed(ReadOnlySpan<byte> header) => Header(header) is var batch and > 0 && Find(header, batch, CompressionField) != 0;

    /// <summary>Returns the position of the table with the content of a message, or 0 if there is none.</summary>
    public static int Header(ReadOnlySpan<byte> header) => Find(header, ReadInt32(header, 0), HeaderField) is var at and > 0 ? Follow(header, at) : 0;

    /// <summary>Returns the position that a reference points to.</summary>
    public static int Follow(ReadOnlySpan<byte> header, int at) => at + ReadInt32(header, at);

    public static void WritePrefix(Span<byte> prefix, int headerLength)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, uint.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[4..], Pad(headerLength));
    }

    public static int ReadPrefix(ReadOnlySpan<byte> prefix) => BinaryPrimitives.ReadInt32LittleEndian(prefix[4..]);

    /// <summary>Returns the position of a field of a table, or 0 if the table does not have it.</summary>
    public static int Find(ReadOnlySpan<byte> header, int table, int field)
    {
        int fields = table - ReadInt32(header, table);
        int size = ReadUInt16(header, fields);
        int entry = 4 + 2 * field;
        if (entry + 2 > size)
            return 0;
        int offset = ReadUInt16(header, fields + entry);
        return offset == 0 ? 0 : table + offset;
    }

    public static int ReadInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(Slice(bytes, at, 4));

    private static int ReadUInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(bytes, at, 2));

    public static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, int at, int length) =>
        at >= 0 && at <= bytes.Length - length ? bytes.Slice(at, length) : throw new FlightFrameException("the header is not an Arrow message");
}
