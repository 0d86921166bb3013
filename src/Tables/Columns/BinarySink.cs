using System.Numerics;
using Apache.Arrow;
using Wharf.Tables.Columns.Gathering;
using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Writes big numbers and byte arrays in their binary forms.</summary>
internal sealed class BinarySink(EngineType type, long rows) : VariableWidthSink<object?>(type, rows)
{
    private readonly DecimalScales? _scales = type.Kind == EngineKind.BigDecimal ? new DecimalScales() : null;

    protected override void Write(ReadOnlySpan<object?> values)
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
            if (bytes is null)
                _scales?.AppendNulls(1);
            bytes?.CopyTo(Room(bytes.Length));
            EndValue(bytes?.Length ?? 0, bytes is null);
        }
    }

    // The serialized form has no trailing zeros, but formulas that read the column need them.
    protected override IArrowArray Cut(IArrowArray array) => _scales?.Cut(array) ?? array;

    private byte[] Decimal(BigDecimal number)
    {
        byte[] bytes = BigNumberValues.Bytes(number);
        _scales!.Append(number.Scale, BigNumberValues.StoredScale(bytes));
        return bytes;
    }
}
