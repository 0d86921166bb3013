using Apache.Arrow;
using Wharf.Tables.Columns.Gathering;
using Wharf.Tables.Operations;

namespace Wharf.Tables.Columns;

/// <summary>
/// Selected rows of another column. The first read copies all of them, in the Arrow type of the other column, and releases that column.
/// </summary>
internal sealed class SelectedColumn : Column
{
    private readonly Lock _gate = new();
    private Column? _source;
    private RowSelection? _selection;
    private volatile Column? _copied;
    private bool _isSourceCharged;

    private SelectedColumn(Column source, RowSelection selection)
        : base(source.Type, source.ArrowType, selection.Count)
    {
        (_source, _selection) = (source, selection);
        source.AddHolder();
    }

    /// <summary>Selects rows of a column.</summary>
    public static Column Of(Column source, RowSelection selection)
    {
        if (source is IConstantColumn constant)
            return constant.WithLength(selection.Count);
        return new SelectedColumn(source, selection);
    }

    public override long ByteSize => Copied.ByteSize;

    public override long MemoryBytes => _copied?.MemoryBytes ?? _selection?.BytesOfColumn ?? 0;

    // The column keeps another column until it is copied.
    protected override bool IsSmall => false;

    private Column Copied
    {
        get
        {
            if (_copied is { } ready)
                return ready;
            lock (_gate)
            {
                if (_copied is null)
                {
                    Column copied = Copy();
                    copied.AddHolder();
                    Column source = _source!;
                    (_copied, _source, _selection) = (copied, null, null);
                    Charge.Change(copied.MemoryBytes);
                    if (_isSourceCharged)
                        source.Remove();
                    source.RemoveHolder();
                }

                return _copied;
            }
        }
    }

    public override IArrowArray Read(long start, int count) => Copied.Read(start, count);

    public override long Run(long start) => Copied.Run(start);

    public override (IArrowArray Array, int Index) Locate(long row) => Copied.Locate(row);

    protected override void OnFirstTable(MemoryCharge payer)
    {
        lock (_gate)
        {
            if (_source is not { } source)
                return;
            _isSourceCharged = true;
            payer.Force(source.AddTable(payer));
        }
    }

    protected override void OnLastRemoved()
    {
        lock (_gate)
        {
            if (_isSourceCharged)
                _source?.Remove();
            _isSourceCharged = false;
        }
    }

    // The rows may be copied by a read after the operation that created the table: the session that is charged for the column is charged
    // for the copy.
    private Column Copy()
    {
        using MemoryCharge? charge = OperationMemory.Current is null ? Charge.OpenAnother() : null;
        using OperationMemory.Scope scope = OperationMemory.Enter(charge is null ? OperationMemory.Current : new OperationMemory(charge));
        return RowGather.Select(_source!, _selection!);
    }

    protected override void ReturnMemory() => (_copied ?? _source!).RemoveHolder();
}
