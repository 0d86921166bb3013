using System.Runtime.CompilerServices;
using Apache.Arrow;

namespace Wharf.Tables.Columns.Gathering;

/// <summary>Collects the nulls of a gathered array. An array without nulls allocates nothing.</summary>
internal sealed class NullBits
{
    private ulong[] _nulls = [];

    /// <summary>The number of rows so far.</summary>
    public int Length { get; private set; }

    /// <summary>The number of nulls so far.</summary>
    public int Count { get; private set; }

    /// <summary>Whether an array may have nulls.</summary>
    public static bool MayContainNulls(ArrayData source) => source.NullCount != 0 && source.Buffers[0].Length > 0;

    /// <summary>Whether a row is null.</summary>
    /// <param name="valid">The validity bitmap.</param>
    /// <param name="bit">The number of the row, counted from the first bit.</param>
    public static bool IsNull(ReadOnlySpan<byte> valid, int bit) => (valid[bit >> 3] >> (bit & 7) & 1) == 0;

    /// <summary>Adds rows of an array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Append(ArrayData source, ReadOnlySpan<int> rows)
    {
        if (MayContainNulls(source))
        {
            ReadOnlySpan<byte> valid = source.Buffers[0].Span;
            for (int n = 0; n < rows.Length; n++)
            {
                if (IsNull(valid, source.Offset + rows[n]))
                    MarkNull(Length + n);
            }
        }

        Length += rows.Length;
    }

    /// <summary>Adds rows that are not null.</summary>
    public void AppendValid(int count) => Length += count;

    /// <summary>Adds nulls.</summary>
    public void AppendNulls(int count)
    {
        for (int n = 0; n < count; n++)
            MarkNull(Length++);
    }

    /// <summary>Returns the validity bitmap; empty if no row is null.</summary>
    public ArrowBuffer Finish()
    {
        if (Count == 0)
            return ArrowBuffer.Empty;
        ulong[] valid = Validity.NewBitmap(Length);
        valid.AsSpan().Fill(~0UL);
        for (int n = 0; n < Math.Min(valid.Length, _nulls.Length); n++)
            valid[n] = ~_nulls[n];
        if ((Length & 63) != 0)
            valid[^1] &= (1UL << Length) - 1;
        return Validity.Wrap(valid);
    }

    private void MarkNull(int row)
    {
        if (row >> 6 >= _nulls.Length)
            System.Array.Resize(ref _nulls, Math.Max((row >> 6) + 1, _nulls.Length * 2));
        _nulls[row >> 6] |= 1UL << row;
        Count++;
    }
}
