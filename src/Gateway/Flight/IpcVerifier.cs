using Google.FlatBuffers;

namespace Wharf.Gateway.Flight;

/// <summary>
/// Verifies the flatbuffer of an Arrow message before Arrow's reader parses it. The reader allocates the declared length of a vector, so every vector and string must lie within the
/// header. Tables may be shared, so the number of tables and the bytes of strings and vectors are bounded, too. The layout is that of Arrow's <c>Message.fbs</c> and <c>Schema.fbs</c>.
/// </summary>
internal sealed class IpcVerifier
{
    private const int MaxDepth = 64;
    private const int MaxTables = 200_000;
    private const int StructBytes = 16;
    private const byte TimestampKind = 10, UnionKind = 14;

    private readonly ReadOnlyMemory<byte> _header;
    private long _bytesLeft = 64 << 20;

    private IpcVerifier(ReadOnlyMemory<byte> header) => _header = header;

    /// <summary>Returns whether the header is a flatbuffer of a schema, a dictionary batch or a record batch.</summary>
    /// <param name="header">The header of a message.</param>
    public static bool IsValid(ReadOnlyMemory<byte> header)
    {
        // Arrow's reader requires neither alignment nor the terminating zero of a string, and some writers omit them.
        var options = new Options { maxDepth = MaxDepth, maxTables = MaxTables, stringEndCheck = false, alignmentCheck = false };
        try
        {
            return new Verifier(new ByteBuffer(header.ToArray()), options).VerifyBuffer(null, false, new IpcVerifier(header).Message);
        }
        catch (Exception malformed) when (malformed is ArgumentException or IndexOutOfRangeException or OverflowException or FlightFrameException)
        {
            return false;
        }
    }

    // The type of a union is a field of the table that holds the union.
    private byte Kind(uint table, int field) =>
        IpcMessages.Find(_header.Span, (int)table, field) is var at and > 0 ? IpcMessages.Slice(_header.Span, at, 1)[0] : (byte)0;

    private static short At(int field) => (short)(4 + (2 * field));

    private bool Message(Verifier verifier, uint table) =>
        verifier.VerifyTableStart(table)
        && verifier.VerifyField(table, At(0), sizeof(short), sizeof(short), false)
        && verifier.VerifyField(table, At(1), sizeof(byte), sizeof(byte), true)
        && verifier.VerifyTable(table, At(2), (content, at) => Content(content, Kind(table, 1), at), true)
        && verifier.VerifyField(table, At(3), sizeof(long), sizeof(long), false)
        && verifier.VerifyVectorOfTables(table, At(4), KeyValue, false)
        && verifier.VerifyTableEnd(table);

    private bool Content(Verifier verifier, byte kind, uint table) => (IpcMessages.Kind)kind switch
    {
        IpcMessages.Kind.Schema => Schema(verifier, table),
        IpcMessages.Kind.DictionaryBatch => DictionaryBatch(verifier, table),
        IpcMessages.Kind.RecordBatch => RecordBatch(verifier, table),
        _ => false,
    };

    private bool Schema(Verifier verifier, uint table) =>
        verifier.VerifyTableStart(table)
        && verifier.VerifyField(table, At(0), sizeof(short), sizeof(short), false)
        && verifier.VerifyVectorOfTables(table, At(1), Field, false)
        && verifier.VerifyVectorOfTables(table, At(2), KeyValue, false)
        && Data(verifier, table, 3, sizeof(long))
        && verifier.VerifyTableEnd(table);

    private bool Field(Verifier verifier, uint table) =>
        verifier.VerifyTableStart(table)
        && Text(verifier, table, 0)
        && verifier.VerifyField(table, At(1), sizeof(byte), sizeof(byte), false)
        && verifier.VerifyField(table, At(2), sizeof(byte), sizeof(byte), false)
        && verifier.VerifyTable(table, At(3), (type, at) => Type(type, Kind(table, 2), at), false)
        && verifier.VerifyTable(table, At(4), DictionaryEncoding, false)
        && verifier.VerifyVectorOfTables(table, At(5), Field, false)
        && verifier.VerifyVectorOfTables(table, At(6), KeyValue, false)
        && verifier.VerifyTableEnd(table);

    /// <summary>Only two types refer to data outside of their table. A scalar beyond the header makes the reader throw before it allocates.</summary>
    private bool Type(Verifier verifier, byte kind, uint table) =>
        verifier.VerifyTableStart(table)
        && (kind != TimestampKind || Text(verifier, table, 1))
        && (kind != UnionKind || Data(verifier, table, 1, sizeof(int)))
        && verifier.VerifyTableEnd(table);

    private bool DictionaryEncoding(Verifier verifier, uint table) =>
        verifier.VerifyTableStart(table)
        && verifier.VerifyField(table, At(0), sizeof(long), sizeof(long), false)
        && verifier.VerifyTable(table, At(1), IndexType, false)
        && verifier.VerifyField(table, At(2), sizeof(byte), sizeof(byte), false)
        && verifier.VerifyField(table, At(3), sizeof(short), sizeof(short), false)
        && verifier.VerifyTableEnd(table);

    private bool IndexType(Verifier verifier, uint table) => verifier.VerifyTableStart(table) && verifier.VerifyTableEnd(table);

    private bool KeyValue(Verifier verifier, uint table) =>
        verifier.VerifyTableStart(table) && Text(verifier, table, 0) && Text(verifier, table, 1) && verifier.VerifyTableEnd(table);

    private bool DictionaryBatch(Verifier verifier, uint table) =>
        verifier.VerifyTableStart(table)
        && verifier.VerifyField(table, At(0), sizeof(long), sizeof(long), false)
        && verifier.VerifyTable(table, At(1), RecordBatch, true)
        && verifier.VerifyField(table, At(2), sizeof(byte), sizeof(byte), false)
        && verifier.VerifyTableEnd(table);

    private bool RecordBatch(Verifier verifier, uint table) =>
        verifier.VerifyTableStart(table)
        && verifier.VerifyField(table, At(0), sizeof(long), sizeof(long), false)
        && Data(verifier, table, 1, StructBytes)
        && Data(verifier, table, 2, StructBytes)
        && verifier.VerifyTable(table, At(3), Compression, false)
        && Data(verifier, table, 4, sizeof(long))
        && verifier.VerifyTableEnd(table);

    private bool Compression(Verifier verifier, uint table) =>
        verifier.VerifyTableStart(table)
        && verifier.VerifyField(table, At(0), sizeof(byte), sizeof(byte), false)
        && verifier.VerifyField(table, At(1), sizeof(byte), sizeof(byte), false)
        && verifier.VerifyTableEnd(table);

    private bool Text(Verifier verifier, uint table, int field) => verifier.VerifyString(table, At(field), false) && Spend(table, field, 1);

    private bool Data(Verifier verifier, uint table, int field, int elementBytes) =>
        verifier.VerifyVectorOfData(table, At(field), (ulong)elementBytes, false) && Spend(table, field, elementBytes);

    private bool Spend(uint table, int field, int elementBytes)
    {
        var header = _header.Span;
        if (IpcMessages.Find(header, (int)table, field) is var at and > 0)
            _bytesLeft -= (long)IpcMessages.ReadInt32(header, IpcMessages.Follow(header, at)) * elementBytes;
        return _bytesLeft >= 0;
    }
}
