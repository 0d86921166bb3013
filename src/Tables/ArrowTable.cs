using Apache.Arrow;
using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;
using Wharf.Tables.Uploads;
using Column = Wharf.Tables.Columns.Column;

namespace Wharf.Tables;

/// <summary>
/// An immutable table: named columns of equal length. Tables share columns by reference; renaming or adding a column copies nothing.
/// </summary>
public sealed class ArrowTable
{
    private const int Ended = -1;

    // The memory of a table besides its columns: the schema, its names, and the entries of its holders.
    private const int TableBytes = 2048;

    private readonly TableSchema _schema;
    private TableDescription? _description;
    private int _holders;

    internal ArrowTable(IReadOnlyList<KeyValuePair<string, Column>> columns, long rowCount, TableShape shape)
    {
        Columns = columns;
        RowCount = rowCount;
        Shape = shape;
        _schema = TableSchema.Of(columns, shape);
        foreach ((string name, Column column) in columns)
        {
            if (column.Length != rowCount)
                throw new ArgumentException($"column {name} has {column.Length} rows, the table {rowCount}", nameof(columns));
            column.AddHolder();
        }
    }

    /// <summary>The Arrow schema, with the metadata for clients.</summary>
    public Schema Schema => _schema.Arrow;

    /// <summary>The number of rows.</summary>
    public long RowCount { get; }

    internal IReadOnlyList<KeyValuePair<string, Column>> Columns { get; }

    /// <summary>The parts of the schema that do not follow from the types of the columns.</summary>
    internal TableShape Shape { get; }

    /// <summary>Returns the metadata of the table.</summary>
    /// <returns>The schema message, the number of rows, and that the table is static.</returns>
    public TableDescription Describe() => _description ??= new TableDescription(_schema.Message, RowCount);

    /// <summary>
    /// Returns the rows in batches: 4096 rows at first, then more, limited by their bytes. A table without rows has no batch. Batches are
    /// created on demand, so that a large table is never in memory twice.
    /// </summary>
    /// <param name="maxRows">The maximum number of rows of a batch.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests, between batches.</param>
    /// <returns>The batches. They share the memory of the table and must not be disposed.</returns>
    public IEnumerable<RecordBatch> ReadBatches(int maxRows = int.MaxValue, CancellationToken cancellationToken = default) =>
        BatchReader.Read(this, maxRows, cancellationToken);

    /// <summary>Creates a table from uploaded batches. The table takes ownership of the arrays and keeps their Arrow types.</summary>
    /// <param name="schema">The schema of the upload.</param>
    /// <param name="batches">The batches in order.</param>
    /// <returns>The table.</returns>
    /// <exception cref="TableException">The schema or a batch is invalid for a table.</exception>
    public static ArrowTable FromBatches(Schema schema, IReadOnlyList<RecordBatch> batches) => FromBatches(schema, batches, memory: null);

    /// <summary>Creates a table from uploaded batches; see <see cref="FromBatches(Schema, IReadOnlyList{RecordBatch})"/>.</summary>
    /// <param name="schema">The schema of the upload.</param>
    /// <param name="batches">The batches in order.</param>
    /// <param name="memory">The charge for arrays that have to be rewritten.</param>
    /// <returns>The table.</returns>
    /// <exception cref="TableException">The schema or a batch is invalid for a table, or the budget is exceeded.</exception>
    public static ArrowTable FromBatches(Schema schema, IReadOnlyList<RecordBatch> batches, MemoryCharge? memory)
    {
        using OperationMemory.Scope scope = OperationMemory.Enter(memory is null ? null : new OperationMemory(memory));
        return TableImport.Create(schema, batches);
    }

    /// <summary>Creates a table from the batches of another node. It keeps its attributes.</summary>
    /// <param name="schema">The schema of the transfer.</param>
    /// <param name="batches">The batches in order.</param>
    /// <returns>The table.</returns>
    /// <exception cref="TableException">The schema or a batch is invalid for a table.</exception>
    public static ArrowTable FromNode(Schema schema, IReadOnlyList<RecordBatch> batches) =>
        TableImport.Create(schema, batches, isUpload: false);

    /// <summary>
    /// Adds a holder. The memory of the table is not reused until every holder has released the table. The memory of a table that was never
    /// held, or is never released, is left to the garbage collector.
    /// </summary>
    /// <returns>False if the last holder has already released the table.</returns>
    public bool TryHold()
    {
        int holders = Volatile.Read(ref _holders);
        while (holders != Ended)
        {
            int before = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (before == holders)
                return true;
            holders = before;
        }

        return false;
    }

    /// <summary>
    /// Removes a holder. After the last one, the memory of columns that no other table shares is reused for other columns.
    /// </summary>
    public void LetGo()
    {
        int holders = Volatile.Read(ref _holders), before;
        while ((before = Interlocked.CompareExchange(ref _holders, holders > 1 ? holders - 1 : Ended, holders)) != holders)
            holders = before;
        if (holders > 1)
            return;
        foreach ((_, Column column) in Columns)
            column.RemoveHolder();
    }

    /// <summary>Charges the memory of the table. Columns that other stored tables share are already charged.</summary>
    /// <param name="memory">
    /// The charge for the table itself. Charges of the same owner pay for the columns until <see cref="Uncharge"/>.
    /// </param>
    public void ChargeTo(MemoryCharge memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        long own = TableBytes;
        foreach ((_, Column column) in Columns)
            own += column.AddTable(memory);
        memory.Force(own);
    }

    /// <summary>The maximum number of bytes that <see cref="ChargeTo"/> charges.</summary>
    public long MemoryBytes => TableBytes + Columns.Sum(static column => column.Value.MemoryBytes);

    /// <summary>Reverts <see cref="ChargeTo"/>. To be called once per call of it.</summary>
    public void Uncharge()
    {
        foreach ((_, Column column) in Columns)
            column.Remove();
    }

    /// <summary>Keeps the memory of the table charged while it is read, even if the table ends in the meantime.</summary>
    /// <returns>An object that ends the charge when it is disposed.</returns>
    public IDisposable KeepCharged() =>
        new Reader([.. Columns.Select(static column => column.Value).Where(static column => column.TryAddReader())]);

    internal Column? Find(string name) => _schema.Find(name) is >= 0 and var position ? Columns[position].Value : null;

    private sealed class Reader(Column[] columns) : IDisposable
    {
        private Column[] _columns = columns;

        public void Dispose()
        {
            foreach (Column column in Interlocked.Exchange(ref _columns, []))
                column.Remove();
        }
    }
}
