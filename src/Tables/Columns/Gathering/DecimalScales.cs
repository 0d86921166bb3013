using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables;

/// <summary>Copies the scales of decimals that formulas have computed: the stored values have no trailing zeros, see <see cref="DecimalArray"/>.</summary>
internal sealed class DecimalScales
{
    private readonly List<int> _scales = [];
    private bool _isStripped;

    private DecimalScales()
    {
    }

    /// <summary>Starts the scales of a column.</summary>
    /// <returns>The scales, or null when the column has none beside its values.</returns>
    public static DecimalScales? For(Column source) => source is { Type.Kind: EngineKind.BigDecimal, ArrowType: BinaryType } ? new DecimalScales() : null;

    /// <summary>Adds rows of an array.</summary>
    public void Append(IArrowArray source, ReadOnlySpan<int> rows)
    {
        var decimals = source as DecimalArray;
        _isStripped |= decimals is not null;
        foreach (int row in rows)
            _scales.Add(decimals?.Scales[row] ?? (source.IsNull(row) ? 0 : BigNumberValues.StoredScale(source, row)));
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
