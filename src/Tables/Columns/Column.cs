using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables;

/// <summary>The values of a column, without its name: immutable, shared by every table that shows them.</summary>
/// <param name="type">What the values are.</param>
/// <param name="arrowType">The Arrow type of every array that <see cref="Read"/> answers.</param>
/// <param name="length">The number of rows.</param>
internal abstract class Column(EngineType type, IArrowType arrowType, long length)
{
    /// <summary>A column that takes less is paid for by each table that shows it, which costs less than to count the tables.</summary>
    private const int SmallBytes = 4096;

    private int _holders;
    private ColumnCharge? _charge;

    public EngineType Type { get; } = type;

    public IArrowType ArrowType { get; } = arrowType;

    public long Length { get; } = length;

    /// <summary>Roughly how many bytes the values take on the wire.</summary>
    public abstract long ByteSize { get; }

    /// <summary>How many bytes of memory the column keeps, without those of other columns.</summary>
    public abstract long MemoryBytes { get; }

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

    /// <summary>Counts a stored table that shows this column.</summary>
    /// <param name="payer">A charge of the session that stores the table.</param>
    /// <returns>The bytes that the table itself has to pay for.</returns>
    public long Show(MemoryCharge payer)
    {
        if (IsSmall)
            return MemoryBytes;
        if (Charge.Show(payer, MemoryBytes))
            OnShown(payer);
        return 0;
    }

    /// <summary>Counts a reader as a stored table, so that the memory is paid for until it has read.</summary>
    /// <returns>Whether there is a stored table that shows the column; then <see cref="Hide"/> ends the count.</returns>
    public bool TryShow() => !IsSmall && Charge.TryShow();

    /// <summary>Counts the table no more.</summary>
    public void Hide()
    {
        if (!IsSmall && Charge.Hide())
            OnHidden();
    }

    /// <summary>Whether the column is so small that it has no charge of its own. That never changes.</summary>
    protected virtual bool IsSmall => MemoryBytes < SmallBytes;

    /// <summary>Counts the stored tables that show the column.</summary>
    protected ColumnCharge Charge => _charge ?? Interlocked.CompareExchange(ref _charge, new ColumnCharge(), null) ?? _charge;

    /// <summary>Called when the first stored table shows the column.</summary>
    protected virtual void OnShown(MemoryCharge payer)
    {
    }

    /// <summary>Called when no stored table shows the column any more.</summary>
    protected virtual void OnHidden()
    {
    }

    /// <summary>Gives memory back that nobody reads any more.</summary>
    protected virtual void GiveBack()
    {
    }
}
