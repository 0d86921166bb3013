using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Wharf.Tables;

/// <summary>Writes big numbers and byte arrays in the binary forms of the wire.</summary>
internal sealed class BinarySink(EngineType type, long rows) : VariableWidthSink<object?>(type, rows)
{
    protected override void Take(ReadOnlySpan<object?> values)
    {
        foreach (object? value in values)
        {
            byte[]? bytes = value switch
            {
                null => null,
                byte[] raw => raw,
                BigInteger number => number.ToByteArray(isUnsigned: false, isBigEndian: true),
                BigDecimal number => Bytes(number),
                FormulaVector<sbyte> vector => [.. Enumerable.Range(0, (int)vector.Size).Select(n => (byte)vector.Get(n))],
                _ => throw new InvalidOperationException($"{value.GetType()} has no binary form"),
            };
            bytes?.CopyTo(Room(bytes.Length));
            EndValue(bytes?.Length ?? 0, bytes is null);
        }
    }

    private static byte[] Bytes(BigDecimal number)
    {
        number = number.Stripped();
        byte[] unscaled = number.Unscaled.ToByteArray(isUnsigned: false, isBigEndian: true);
        byte[] bytes = new byte[4 + unscaled.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number.Scale);
        unscaled.CopyTo(bytes, 4);
        return bytes;
    }
}

/// <summary>A decimal number of any size: <c>unscaled / 10^scale</c>.</summary>
internal readonly record struct BigDecimal(BigInteger Unscaled, int Scale)
{
    /// <summary>The same number without trailing zeros.</summary>
    public BigDecimal Stripped()
    {
        (BigInteger unscaled, int scale) = (Unscaled, Scale);
        while (!unscaled.IsZero && BigInteger.Remainder(unscaled, 10).IsZero)
            (unscaled, scale) = (unscaled / 10, scale - 1);
        return unscaled.IsZero ? new BigDecimal(0, 0) : new BigDecimal(unscaled, scale);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string digits = BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture);
        string sign = Unscaled.Sign < 0 ? "-" : "";
        if (Scale <= 0)
            return sign + digits + new string('0', -Scale);
        digits = digits.PadLeft(Scale + 1, '0');
        return $"{sign}{digits[..^Scale]}.{digits[^Scale..]}";
    }
}
