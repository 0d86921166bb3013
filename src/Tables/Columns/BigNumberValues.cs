using System.Buffers.Binary;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables;

/// <summary>Reads big numbers from the forms in which they are uploaded and stored.</summary>
internal static class BigNumberValues
{
    /// <summary>Reads uploaded decimals of any width; a value keeps the scale of its column.</summary>
    /// <returns>The getter, or null when the type holds no decimals.</returns>
    public static Func<IArrowArray, int, object?>? Decimals(IArrowType type)
    {
        int? scale = type switch
        {
            Decimal32Type small => small.Scale,
            Decimal64Type small => small.Scale,
            Decimal128Type wide => wide.Scale,
            Decimal256Type wide => wide.Scale,
            _ => null,
        };
        if (scale is not { } digits || type is not FixedSizeBinaryType { ByteWidth: var width })
            return null;
        return (array, n) => new BigDecimal(new BigInteger(array.Data.Buffers[1].Span.Slice((array.Data.Offset + n) * width, width)), digits);
    }

    /// <summary>Reads a decimal that a formula has computed: its scale, and its digits with the highest byte first.</summary>
    public static object? Stored(IArrowArray array, int index)
    {
        ReadOnlySpan<byte> bytes = ((BinaryArray)array).GetBytes(index);
        var stripped = new BigDecimal(new BigInteger(bytes[sizeof(int)..], isUnsigned: false, isBigEndian: true), BinaryPrimitives.ReadInt32LittleEndian(bytes));
        return array is DecimalArray { Scales: var scales } ? stripped.WithScale(scales[index], Rounding.Unnecessary) : stripped;
    }

    /// <summary>The scale of a stored decimal without trailing zeros.</summary>
    public static int StoredScale(IArrowArray array, int index) => BinaryPrimitives.ReadInt32LittleEndian(((BinaryArray)array).GetBytes(index));

    /// <summary>A decimal as the wire has it: without trailing zeros.</summary>
    public static byte[] Bytes(BigDecimal number)
    {
        number = number.Stripped();
        byte[] unscaled = number.Unscaled.ToByteArray(isUnsigned: false, isBigEndian: true);
        byte[] bytes = new byte[sizeof(int) + unscaled.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number.Scale);
        unscaled.CopyTo(bytes, sizeof(int));
        return bytes;
    }
}

/// <summary>Decimals in the form of the wire, which has no trailing zeros, with the scales that they had before.</summary>
/// <param name="data">The array of the wire.</param>
/// <param name="scales">A scale for each row; that of a null has no meaning.</param>
internal sealed class DecimalArray(ArrayData data, int[] scales) : BinaryArray(data)
{
    public IReadOnlyList<int> Scales => scales;
}
