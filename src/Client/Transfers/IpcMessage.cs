using System.Buffers.Binary;

namespace Wharf.Client;

/// <summary>
/// A message of Arrow's stream format: a prefix, a header and a body. The header is a flatbuffer, of which two fields are read.
/// </summary>
/// <param name="Kind">The content of the message.</param>
/// <param name="BodyLength">The number of bytes after the header.</param>
internal readonly record struct IpcMessage(IpcMessageKind Kind, long BodyLength)
{
    /// <summary>The length of the continuation marker and of the size of the padded header.</summary>
    public const int PrefixLength = 8;

    private const int Alignment = 8;
    private const int KindField = 1;
    private const int BodyLengthField = 3;

    /// <summary>Reads a header.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a message header.</exception>
    public static IpcMessage Read(ReadOnlySpan<byte> header)
    {
        try
        {
            var table = BinaryPrimitives.ReadInt32LittleEndian(header);
            var (kind, length) = (Find(header, table, KindField), Find(header, table, BodyLengthField));
            return new(
                kind == 0 ? IpcMessageKind.None : (IpcMessageKind)header[kind],
                length == 0 ? 0 : BinaryPrimitives.ReadInt64LittleEndian(header[length..]));
        }
        catch (Exception outside) when (outside is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("the header is not an Arrow message", outside);
        }
    }

    /// <summary>Reads the length of the header from a prefix.</summary>
    public static int ReadPrefix(ReadOnlySpan<byte> prefix) => BinaryPrimitives.ReadInt32LittleEndian(prefix[4..]);

    /// <summary>Returns the prefix and the header, padded as the format requires.</summary>
    public static byte[] Head(ReadOnlySpan<byte> header)
    {
        var head = new byte[PrefixLength + ((header.Length + Alignment - 1) & -Alignment)];
        BinaryPrimitives.WriteUInt32LittleEndian(head, uint.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), head.Length - PrefixLength);
        header.CopyTo(head.AsSpan(PrefixLength));
        return head;
    }

    private static int Find(ReadOnlySpan<byte> header, int table, int field)
    {
        var fields = table - BinaryPrimitives.ReadInt32LittleEndian(header[table..]);
        var entry = 4 + (2 * field);
        if (entry + 2 > BinaryPrimitives.ReadUInt16LittleEndian(header[fields..]))
            return 0;
        var offset = BinaryPrimitives.ReadUInt16LittleEndian(header[(fields + entry)..]);
        return offset == 0 ? 0 : table + offset;
    }
}

/// <summary>The content of a message of Arrow's stream format.</summary>
internal enum IpcMessageKind
{
    None = 0,
    Schema = 1,
    DictionaryBatch = 2,
    RecordBatch = 3,
}
