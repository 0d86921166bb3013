using Apache.Arrow;

namespace Wharf.Tables;

/// <summary>Some rows of another column. They are copied out when they are read first, whole, and then the other column is let go of.</summary>
internal sealed class SelectedColumn : Column
{
    private readonly Lock _gate = new();
    private Column? _source;
    private RowSelection? _selection;
    private volatile Column? _copied;

    private SelectedColumn(Column source, RowSelection selection)
        : base(source.Type, ArrowMapping.ToArrow(source.Type), selection.Count)
    {
        (_source, _selection) = (source, selection);
        source.Hold();
    }

    /// <summary>Selects rows of a column.</summary>
    /// <exception cref="TableException">The column is of a kind of which no rows can be selected.</exception>
    public static Column Of(Column source, RowSelection selection)
    {
        if (source is IConstantColumn constant)
            return constant.WithLength(selection.Count);
        return source.Type.Dispatch(new CanRead(source)) ? new SelectedColumn(source, selection) : Gather.Stored(source, selection);
    }

    private readonly struct CanRead(Column source) : IClrDispatch<bool>
    {
        public bool Invoke<T>()
        {
            try
            {
                return ColumnReader<T>.For(source) is not null;
            }
            catch (FormulaError)
            {
                return false;
            }
        }
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
                    Column copied = Gather.Selected(_source!, _selection!);
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
