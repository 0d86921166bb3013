using System.Numerics;
using Apache.Arrow;

namespace Wharf.Tables;

/// <summary>Writes big numbers and byte arrays in the binary forms of the wire.</summary>
internal sealed class BinarySink(EngineType type, long rows) : VariableWidthSink<object?>(type, rows)
{
    private readonly bool _isDecimal = type.Kind == EngineKind.BigDecimal;
    private readonly List<int> _scales = [];
    private bool _isStripped;

    protected override void Take(ReadOnlySpan<object?> values)
    {
        foreach (object? value in values)
        {
            byte[]? bytes = value switch
            {
                null => null,
                byte[] raw => raw,
                BigInteger number => number.ToByteArray(isUnsigned: false, isBigEndian: true),
                BigDecimal number => Decimal(number),
                FormulaVector<sbyte> vector => [.. Enumerable.Range(0, (int)vector.Size).Select(n => (byte)vector.Get(n))],
                _ => throw new InvalidOperationException($"{value.GetType()} has no binary form"),
            };
            if (_isDecimal && bytes is null)
                _scales.Add(0);
            bytes?.CopyTo(Room(bytes.Length));
            EndValue(bytes?.Length ?? 0, bytes is null);
        }
    }

    protected override IArrowArray Cut(IArrowArray array)
    {
        // The wire has no trailing zeros; formulas that read the column see them.
        IArrowArray cut = _isStripped ? new DecimalArray(array.Data, [.. _scales]) : array;
        _scales.Clear();
        _isStripped = false;
        return cut;
    }

    private byte[] Decimal(BigDecimal number)
    {
        byte[] bytes = BigNumberValues.Bytes(number);
        _scales.Add(number.Scale);
        _isStripped |= number.Scale != System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return bytes;
    }
}
