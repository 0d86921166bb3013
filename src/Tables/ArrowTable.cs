using Apache.Arrow;

namespace Wharf.Tables;

/// <summary>An immutable table: named columns of one length. Columns are shared by reference between tables, never copied to be renamed or added to.</summary>
public sealed class ArrowTable
{
    private const int Ended = -1;

    // What a table takes beside its columns: the schema, its names, and the entries of those who hold it.
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
            column.Hold();
        }
    }

    /// <summary>The Arrow schema with the metadata that clients read.</summary>
    public Schema Schema => _schema.Arrow;

    /// <summary>The number of rows.</summary>
    public long RowCount { get; }

    internal IReadOnlyList<KeyValuePair<string, Column>> Columns { get; }

    /// <summary>The parts of the schema that do not follow from the types of the columns.</summary>
    internal TableShape Shape { get; }

    /// <summary>What a client is told about the table.</summary>
    /// <returns>The schema message, the size, and that it never changes.</returns>
    public TableDescription Describe() => _description ??= new TableDescription(_schema.Message, RowCount);

    /// <summary>
    /// The rows as batches ready for the wire: 4096 rows first, then more and more, each bounded in bytes. A table without rows has none. Made while they
    /// are read, so that a large table is never there twice.
    /// </summary>
    /// <param name="maxRows">No batch has more rows than this.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The batches; they share the table's memory and must not be disposed while it lives.</returns>
    public IEnumerable<RecordBatch> ReadBatches(int maxRows = int.MaxValue, CancellationToken cancellationToken = default) =>
        BatchReader.Read(this, maxRows, cancellationToken);

    /// <summary>Takes uploaded batches as a table. Their arrays are kept and come back with their Arrow types; the caller leaves their memory to the table.</summary>
    /// <param name="schema">The schema that was sent.</param>
    /// <param name="batches">The batches in order.</param>
    /// <returns>The table.</returns>
    /// <exception cref="TableException">The schema or a batch cannot be a table.</exception>
    public static ArrowTable FromBatches(Schema schema, IReadOnlyList<RecordBatch> batches) => FromBatches(schema, batches, memory: null);

    /// <summary>Takes uploaded batches as a table; see <see cref="FromBatches(Schema, IReadOnlyList{RecordBatch})"/>.</summary>
    /// <param name="schema">The schema that was sent.</param>
    /// <param name="batches">The batches in order.</param>
    /// <param name="memory">The charge that pays for arrays that have to be written anew.</param>
    /// <returns>The table.</returns>
    /// <exception cref="TableException">The schema or a batch cannot be a table, or the memory may not be used.</exception>
    public static ArrowTable FromBatches(Schema schema, IReadOnlyList<RecordBatch> batches, MemoryCharge? memory)
    {
        using OperationMemory.Scope scope = OperationMemory.Enter(memory is null ? null : new OperationMemory(memory));
        return TableUpload.Accept(schema, batches);
    }

    /// <summary>Creates a table from the batches of another node. It keeps its attributes.</summary>
    /// <param name="schema">The schema that was sent.</param>
    /// <param name="batches">The batches in order.</param>
    /// <returns>The table.</returns>
    /// <exception cref="TableException">The schema or a batch cannot be a table.</exception>
    public static ArrowTable FromNode(Schema schema, IReadOnlyList<RecordBatch> batches) => TableUpload.Accept(schema, batches, isUpload: false);

    /// <summary>
    /// Says that the table is used: until as many have let go of it as held it, its memory stays what it is. A table that nobody ever held, or that somebody holds for good, is left to the
    /// collector.
    /// </summary>
    /// <returns>Whether it is still there: not when the last who held it has let go.</returns>
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

    /// <summary>Lets go. After the last who held it the memory of columns that no other table shows is used for other columns.</summary>
    public void LetGo()
    {
        int holders = Volatile.Read(ref _holders), before;
        while ((before = Interlocked.CompareExchange(ref _holders, holders > 1 ? holders - 1 : Ended, holders)) != holders)
            holders = before;
        if (holders > 1)
            return;
        foreach ((_, Column column) in Columns)
            column.LetGo();
    }

    /// <summary>Charges for the memory of the table. Columns that other stored tables show are paid for already.</summary>
    /// <param name="memory">A charge for tables, which pays for the table itself. Charges of its owner pay for the columns until <see cref="Uncharge"/>.</param>
    public void ChargeTo(MemoryCharge memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        long own = TableBytes;
        foreach ((_, Column column) in Columns)
            own += column.Show(memory);
        memory.Force(own);
    }

    /// <summary>The bytes that <see cref="ChargeTo"/> would charge for at the most.</summary>
    public long MemoryBytes => TableBytes + Columns.Sum(static column => column.Value.MemoryBytes);

    /// <summary>Ends <see cref="ChargeTo"/>; to be called once for each call of that.</summary>
    public void Uncharge()
    {
        foreach ((_, Column column) in Columns)
            column.Hide();
    }

    /// <summary>Keeps the memory of the table charged while it is read, although the table may end meanwhile.</summary>
    /// <returns>Ends that when it is disposed of.</returns>
    public IDisposable KeepCharged() => new Reader([.. Columns.Select(static column => column.Value).Where(static column => column.TryShow())]);

    internal Column? Find(string name) => _schema.Find(name) is >= 0 and var position ? Columns[position].Value : null;

    private sealed class Reader(Column[] columns) : IDisposable
    {
        private Column[] _columns = columns;

        public void Dispose()
        {
            foreach (Column column in Interlocked.Exchange(ref _columns, []))
                column.Hide();
        }
    }
}
