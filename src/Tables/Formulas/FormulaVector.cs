using Wharf.Tables.Columns;

namespace Wharf.Tables.Formulas;

/// <summary>An array, a whole column or a range of one, as a value of a formula. Elements outside of its bounds are null.</summary>
internal abstract class FormulaVector<T> : IFormulaVector
{
    public abstract long Size { get; }

    /// <summary>Returns the element at an index within the bounds.</summary>
    public abstract T Get(long index);

    public T GetOrNull(long index) => index < 0 || index >= Size ? Null<T>.Value : Get(index);

    /// <summary>Vectors are equal if their elements are.</summary>
    public override bool Equals(object? obj)
    {
        if (obj is not FormulaVector<T> other || other.Size != Size)
            return false;
        for (long n = 0; n < Size; n++)
        {
            if (!EqualityComparer<T>.Default.Equals(GetOrNull(n), other.GetOrNull(n)))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (long n = 0; n < Math.Min(Size, 64); n++)
            hash.Add(GetOrNull(n));
        return hash.ToHashCode();
    }
}

/// <summary>A vector of any type.</summary>
internal interface IFormulaVector
{
    /// <summary>The number of elements.</summary>
    long Size { get; }
}

/// <summary>A vector of an array.</summary>
internal sealed class ArrayVector<T>(T[] values) : FormulaVector<T>
{
    public ReadOnlySpan<T> Values => values;

    public override long Size => values.Length;

    public override T Get(long index) => values[index];
}

/// <summary>A whole column.</summary>
internal sealed class ColumnVector<T>(ColumnReader<T> reader, long size) : FormulaVector<T>
{
    public override long Size => size;

    public override T Get(long index) => reader.Get(index);
}

/// <summary>A range of another vector, which may exceed its bounds.</summary>
internal sealed class SubVector<T>(FormulaVector<T> whole, long start, long size) : FormulaVector<T>
{
    public override long Size => size;

    public override T Get(long index) => whole.GetOrNull(start + index);
}
