using Apache.Arrow;

namespace Wharf.Tables;

/// <summary>
/// Selected rows of another column. The first read copies all of them, in the Arrow type of the other column, and releases that column.
/// </summary>
internal sealed class SelectedColumn : Column
{
    private readonly Lock _gate = new();
    private Column? _source;
    private RowSelection? _selection;
    private volatile Column? _copied;

    private SelectedColumn(Column source, RowSelection selection)
        : base(source.Type, source.ArrowType, selection.Count)
    {
        (_source, _selection) = (source, selection);
        source.Hold();
    }

    /// <summary>Selects rows of a column.</summary>
    public static Column Of(Column source, RowSelection selection)
    {
        if (source is IConstantColumn constant)
            return constant.WithLength(selection.Count);
        return new SelectedColumn(source, selection);
    }

    public override long ByteSize => Copied.ByteSize;

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
                    Column copied = RowGather.Selected(_source!, _selection!);
                    copied.Hold();
                    _source!.LetGo();
                    (_copied, _source, _selection) = (copied, null, null);
                }

                return _copied;
            }
        }
    }

    public override IArrowArray Read(long start, int count) => Copied.Read(start, count);

    public override long Run(long start) => Copied.Run(start);

    public override (IArrowArray Array, int Index) Locate(long row) => Copied.Locate(row);

    protected override void GiveBack() => (_copied ?? _source!).LetGo();
}
