using System.Buffers.Binary;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Formulas.Big;

namespace Wharf.Tables.Columns;

/// <summary>Reads big numbers from the forms in which they are uploaded and stored.</summary>
internal static class BigNumberValues
{
    /// <summary>Reads uploaded decimals of any width. A value has the scale of its column.</summary>
    /// <returns>The getter, or null if the type does not hold decimals.</returns>
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
        return (array, n) => new BigDecimal(
            new BigInteger(array.Data.Buffers[1].Span.Slice((array.Data.Offset + n) * width, width)), digits);
    }

    /// <summary>Reads a computed decimal: its scale, and its digits in big-endian order.</summary>
    public static object? Stored(IArrowArray array, int index)
    {
        ReadOnlySpan<byte> bytes = ((BinaryArray)array).GetBytes(index);
        var stripped = new BigDecimal(new BigInteger(bytes[sizeof(int)..], isUnsigned: false, isBigEndian: true), StoredScale(bytes));
        return array is DecimalArray { Scales: var scales } ? stripped.WithScale(scales[index], Rounding.Unnecessary) : stripped;
    }

    /// <summary>Returns the scale of a stored decimal, without trailing zeros.</summary>
    public static int StoredScale(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);

    /// <summary>Returns the serialized form of a decimal, without trailing zeros.</summary>
    public static byte[] Bytes(BigDecimal number)
    {
        number = number.StripZeros();
        byte[] unscaled = number.Unscaled.ToByteArray(isUnsigned: false, isBigEndian: true);
        byte[] bytes = new byte[sizeof(int) + unscaled.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number.Scale);
        unscaled.CopyTo(bytes, sizeof(int));
        return bytes;
    }
}

/// <summary>Decimals in their serialized form, which has no trailing zeros, together with their computed scales.</summary>
/// <param name="data">The serialized array.</param>
/// <param name="scales">The scale of each row; the scale of a null has no meaning.</param>
internal sealed class DecimalArray(ArrayData data, int[] scales) : BinaryArray(data)
{
    public IReadOnlyList<int> Scales => scales;
}
