using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables;

/// <summary>The values of a column, without its name: immutable, shared by every table that shows them.</summary>
/// <param name="type">What the values are.</param>
/// <param name="arrowType">The Arrow type of every array that <see cref="Read"/> answers.</param>
/// <param name="length">The number of rows.</param>
internal abstract class Column(EngineType type, IArrowType arrowType, long length)
{
    private int _holders;

    public EngineType Type { get; } = type;

    public IArrowType ArrowType { get; } = arrowType;

    public long Length { get; } = length;

    /// <summary>Roughly how many bytes the values take on the wire.</summary>
    public abstract long ByteSize { get; }

    /// <summary>How many bytes an array that <see cref="Read"/> answered takes on the wire.</summary>
    public long SizeOf(IArrowArray array) => ArraySize.Of(array.Data) ?? (long)(ByteSize * ((double)array.Length / Math.Max(1, Length)));

    /// <summary>The rows from <paramref name="start"/> on as one array; shared with the column where possible.</summary>
    public abstract IArrowArray Read(long start, int count);

    /// <summary>How many rows from <paramref name="start"/> on <see cref="Read"/> can answer without copying.</summary>
    public abstract long Run(long start);

    /// <summary>The array that holds a row, and where the row is in it.</summary>
    public abstract (IArrowArray Array, int Index) Locate(long row);

    /// <summary>Counts a table, or another column, that shows this one.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>Counts it no more. With the last that was counted the column's memory is given back.</summary>
    public void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            GiveBack();
    }

    /// <summary>Gives up a column that nobody has seen.</summary>
    public void Discard()
    {
        Hold();
        LetGo();
    }

    /// <summary>Gives memory back that nobody reads any more.</summary>
    protected virtual void GiveBack()
    {
    }
}
