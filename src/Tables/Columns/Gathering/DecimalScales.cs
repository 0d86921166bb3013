using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns.Gathering;

/// <summary>
/// Collects the scales of the decimals that formulas compute. The stored values have no trailing zeros; see <see cref="DecimalArray"/>.
/// </summary>
internal sealed class DecimalScales
{
    private readonly List<int> _scales = [];
    private bool _isStripped;

    /// <summary>Starts the scales of a column.</summary>
    /// <returns>The scales, or null when the column stores no computed decimals.</returns>
    public static DecimalScales? For(Column source) =>
        source is { Type.Kind: EngineKind.BigDecimal, ArrowType: BinaryType } ? new DecimalScales() : null;

    /// <summary>Adds the scale of a decimal.</summary>
    /// <param name="scale">The scale that formulas see.</param>
    /// <param name="storedScale">The scale of the stored value.</param>
    public void Append(int scale, int storedScale)
    {
        _scales.Add(scale);
        _isStripped |= scale != storedScale;
    }

    /// <summary>Adds rows of an array.</summary>
    public void Append(IArrowArray source, ReadOnlySpan<int> rows)
    {
        var decimals = source as DecimalArray;
        _isStripped |= decimals is not null;
        foreach (int row in rows)
            _scales.Add(
                decimals?.Scales[row] ?? (source.IsNull(row) ? 0 : BigNumberValues.StoredScale(((BinaryArray)source).GetBytes(row))));
    }

    /// <summary>Adds nulls.</summary>
    public void AppendNulls(int count)
    {
        for (int n = 0; n < count; n++)
            _scales.Add(0);
    }

    /// <summary>Returns an array with the scales of its rows, and starts the next one.</summary>
    public IArrowArray Cut(IArrowArray array)
    {
        IArrowArray cut = _isStripped ? new DecimalArray(array.Data, [.. _scales]) : array;
        _scales.Clear();
        _isStripped = false;
        return cut;
    }
}
