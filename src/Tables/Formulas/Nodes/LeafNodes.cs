using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary>A constant.</summary>
internal sealed class ConstantNode<T> : Node<T>
{
    private T[] _values = [];

    public ConstantNode(EngineType type, T value)
        : base(type)
    {
        IsConstant = true;
        Value = value;
    }

    public T Value { get; }

    public override void Fill(in Frame frame, Span<T> target) => target.Fill(Value);

    public override ReadOnlySpan<T> Read(in Frame frame)
    {
        if (_values.Length < frame.Count)
        {
            _values = new T[frame.Count <= FewRows ? FewRows : Math.Max(frame.Count, Frame.BlockRows)];
            _values.AsSpan().Fill(Value);
        }

        return _values.AsSpan(0, frame.Count);
    }

    public override void Detach() => _values = _values.Length > FewRows ? [] : _values;
}

/// <summary>A subexpression with the same value in every row, which is computed when it is read first.</summary>
internal sealed class FoldedNode<T> : Node<T>
{
    private readonly Node<T> _inner;
    private ConstantNode<T>? _constant;

    public FoldedNode(Node<T> inner)
        : base(inner.Type)
    {
        _inner = inner;
        IsConstant = true;
        CanFail = inner.CanFail;
    }

    public override void Fill(in Frame frame, Span<T> target)
    {
        if (frame.Count > 0)
            Constant().Fill(frame, target);
    }

    public override ReadOnlySpan<T> Read(in Frame frame) => frame.Count == 0 ? [] : Constant().Read(frame);

    public override void Detach()
    {
        // A string or an array may be large, so it is not kept.
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            _constant = null;
        _constant?.Detach();
    }

    private ConstantNode<T> Constant() => _constant ??= new ConstantNode<T>(Type, _inner.Read(new Frame(0, 1))[0]);
}

/// <summary>A column of the table.</summary>
internal sealed class ColumnNode<T>(string name, Column column) : Node<T>(column.Type), IColumnNode
{
    private ColumnReader<T>? _reader = ColumnReader<T>.For(column);
    private Column? _column = column;
    private T[] _copied = [];

    public Column Column => _column!;

    public override void Attach(FormulaContext context)
    {
        _column = context.Columns(name)!;
        _reader = ColumnReader<T>.For(_column);
    }

    public override void Detach()
    {
        (_column, _reader, _copied) = (null, null, []);
        base.Detach();
    }

    public override void Fill(in Frame frame, Span<T> target) => Read(frame).CopyTo(target);

    public override ReadOnlySpan<T> Read(in Frame frame)
    {
        if (frame.Rows is null)
            return _reader!.Read(frame.Start, frame.Count, ref _copied);

        Span<T> picked = Scratch(frame.Count);
        for (int n = 0; n < picked.Length; n++)
            picked[n] = _reader!.Get(frame.Start + frame.Rows[n]);
        return picked;
    }

    // Renaming a column does not copy it.
    public override Column ToColumn(long rows, CancellationToken cancellationToken) => Column;
}

/// <summary>A node that is a column.</summary>
internal interface IColumnNode
{
    /// <summary>The column.</summary>
    Column Column { get; }
}

/// <summary><c>i</c>: the row index as an int.</summary>
internal sealed class IntRowNode() : Node<int>(EngineType.Int)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<int> target)
    {
        if (frame.Start + frame.Count - 1 > int.MaxValue)
            throw new FormulaError("the table has more rows than an int can count; use ii instead of i");
        int start = (int)frame.Start;
        if (frame.Rows is null)
        {
            RowIndexes.Fill(target, start);
            return;
        }

        ReadOnlySpan<int> rows = frame.Rows;
        for (int n = 0; n < target.Length; n++)
            target[n] = start + rows[n];
    }
}

/// <summary><c>ii</c> and <c>k</c>: the row index as a long.</summary>
internal sealed class LongRowNode() : Node<long>(EngineType.Long)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<long> target)
    {
        long start = frame.Start;
        if (frame.Rows is null)
        {
            RowIndexes.Fill(target, start);
            return;
        }

        ReadOnlySpan<int> rows = frame.Rows;
        for (int n = 0; n < target.Length; n++)
            target[n] = start + rows[n];
    }
}

/// <summary>Fills spans with consecutive numbers.</summary>
internal static class RowIndexes
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill<T>(Span<T> target, T start)
        where T : unmanaged, IBinaryInteger<T>
    {
        int n = 0;
        Vector<T> numbers = Vector.CreateSequence(start, T.One), step = Vector.Create(T.CreateTruncating(Vector<T>.Count));
        ref T first = ref MemoryMarshal.GetReference(target);
        for (; n <= target.Length - Vector<T>.Count; n += Vector<T>.Count)
        {
            numbers.StoreUnsafe(ref first, (nuint)n);
            numbers += step;
        }

        for (; n < target.Length; n++)
            target[n] = start + T.CreateTruncating(n);
    }
}
