using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>The values of a column, without its name: immutable, and shared by the tables that contain it.</summary>
/// <param name="type">The type of the values.</param>
/// <param name="arrowType">The Arrow type of every array that <see cref="Read"/> returns.</param>
/// <param name="length">The number of rows.</param>
internal abstract class Column(EngineType type, IArrowType arrowType, long length)
{
    /// <summary>A smaller column is charged to each table that contains it, which is cheaper than counting the tables.</summary>
    private const int SmallBytes = 4096;

    private int _holders;
    private ColumnCharge? _charge;

    public EngineType Type { get; } = type;

    public IArrowType ArrowType { get; } = arrowType;

    public long Length { get; } = length;

    /// <summary>The approximate serialized size of the values.</summary>
    public abstract long ByteSize { get; }

    /// <summary>The memory of the column, without that of other columns.</summary>
    public abstract long MemoryBytes { get; }

    /// <summary>Returns the serialized size of an array that <see cref="Read"/> returned.</summary>
    public long SizeOf(IArrowArray array) => ArraySize.Of(array.Data) ?? (long)(ByteSize * ((double)array.Length / Math.Max(1, Length)));

    /// <summary>
    /// Returns the rows from <paramref name="start"/> as one array, which shares the memory of the column where possible.
    /// </summary>
    public abstract IArrowArray Read(long start, int count);

    /// <summary>Returns the number of rows from <paramref name="start"/> that <see cref="Read"/> returns without copying.</summary>
    public abstract long Run(long start);

    /// <summary>Returns the array that contains a row, and the index of the row in it.</summary>
    public abstract (IArrowArray Array, int Index) Locate(long row);

    /// <summary>Adds a holder: a table or a column that contains this one.</summary>
    public void AddHolder() => Interlocked.Increment(ref _holders);

    /// <summary>Removes a holder. After the last one, the memory of the column is reused.</summary>
    public void RemoveHolder()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            ReturnMemory();
    }

    /// <summary>Releases a column that was never visible.</summary>
    public void Discard()
    {
        AddHolder();
        RemoveHolder();
    }

    /// <summary>Counts a stored table that contains this column.</summary>
    /// <param name="payer">A charge of the session that stores the table.</param>
    /// <returns>The bytes that are charged to the table itself.</returns>
    public long AddTable(MemoryCharge payer)
    {
        if (IsSmall)
            return MemoryBytes;
        if (Charge.AddTable(payer, MemoryBytes))
            OnFirstTable(payer);
        return 0;
    }

    /// <summary>Counts a reader like a stored table, so that the memory stays charged until it has finished.</summary>
    /// <returns>Whether a stored table contains the column; if so, <see cref="Remove"/> ends the count.</returns>
    public bool TryAddReader() => !IsSmall && Charge.TryAddReader();

    /// <summary>Ends the count of a table or reader.</summary>
    public void Remove()
    {
        if (!IsSmall && Charge.Remove())
            OnLastRemoved();
    }

    /// <summary>Whether the column is too small for a separate charge. The value never changes.</summary>
    protected virtual bool IsSmall => MemoryBytes < SmallBytes;

    /// <summary>Counts the stored tables that contain the column.</summary>
    protected ColumnCharge Charge => _charge ?? Interlocked.CompareExchange(ref _charge, new ColumnCharge(), null) ?? _charge;

    /// <summary>Called when the first stored table contains the column.</summary>
    protected virtual void OnFirstTable(MemoryCharge payer)
    {
    }

    /// <summary>Called when no stored table contains the column any more.</summary>
    protected virtual void OnLastRemoved()
    {
    }

    /// <summary>Returns memory that has no reader left.</summary>
    protected virtual void ReturnMemory()
    {
    }
}
