using System.Buffers.Binary;
using System.Text;

namespace Wharf.Gateway.Flight;

/// <summary>Finds the column because of which Arrow's reader cannot read a schema.</summary>
internal static class UnreadSchema
{
    private const int FieldsField = 1;
    private const int NameField = 0, TypeKindField = 2, TypeField = 3, ChildrenField = 5;
    private const int FixedSizeBinary = 15, LastKnownType = 26;
    private const int ByteWidthField = 0;
    private const int MaxDepth = 16, MaxFields = 10_000;

    /// <summary>Describes the first unsupported column.</summary>
    /// <param name="header">The flatbuffer of a schema message.</param>
    /// <returns>The problem of the column, or null if none is found.</returns>
    public static string? Explain(ReadOnlySpan<byte> header)
    {
        try
        {
            int left = MaxFields;
            int schema = IpcMessages.Header(header);
            return schema == 0 ? null : Fields(header, IpcMessages.Find(header, schema, FieldsField), null, ref left, MaxDepth);
        }
        catch (FlightFrameException)
        {
            return null;
        }
    }

    private static string? Fields(ReadOnlySpan<byte> header, int at, string? column, ref int left, int depth)
    {
        if (at == 0 || depth == 0)
            return null;
        int fields = IpcMessages.Follow(header, at), count = IpcMessages.ReadInt32(header, fields);
        for (int n = 0; n < count && left-- > 0; n++)
        {
            int field = IpcMessages.Follow(header, checked(fields + 4 + (4 * n)));
            string name = column ?? Name(header, IpcMessages.Find(header, field, NameField));
            if (Problem(header, field) is { } problem)
                return $"column {name}: {problem}";
            if (Fields(header, IpcMessages.Find(header, field, ChildrenField), name, ref left, depth - 1) is { } inside)
                return inside;
        }

        return null;
    }

    private static string? Problem(ReadOnlySpan<byte> header, int field)
    {
        int kindAt = IpcMessages.Find(header, field, TypeKindField);
        int kind = kindAt == 0 ? 0 : IpcMessages.Slice(header, kindAt, 1)[0];
        if (kind is 0 or > LastKnownType)
            return $"the Arrow type of the number {kind} is not supported";
        if (kind == FixedSizeBinary && IpcMessages.Find(header, field, TypeField) is var typeAt and > 0)
        {
            int widthAt = IpcMessages.Find(header, IpcMessages.Follow(header, typeAt), ByteWidthField);
            int width = widthAt == 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(IpcMessages.Slice(header, widthAt, 4));
            return width > 0 ? null : $"a fixed-size binary of {width} bytes is not supported; send it as binary";
        }

        return null;
    }

    private static string Name(ReadOnlySpan<byte> header, int at)
    {
        if (at == 0)
            return "";
        int text = IpcMessages.Follow(header, at);
        return Encoding.UTF8.GetString(IpcMessages.Slice(header, text + 4, Math.Min(IpcMessages.ReadInt32(header, text), 200)));
    }
}
