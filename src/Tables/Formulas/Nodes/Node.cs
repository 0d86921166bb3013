using System.Runtime.CompilerServices;
using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary>A typed subexpression, which computes blocks of rows. It has scratch memory, so it is not thread-safe.</summary>
internal abstract class Node
{
    private readonly Node[] _inner;

    /// <summary>Creates a node with operands.</summary>
    /// <param name="type">The type of its values.</param>
    /// <param name="inner">The operands.</param>
    protected Node(EngineType type, params ReadOnlySpan<Node> inner)
    {
        Type = type;
        _inner = inner.ToArray();
        IsMadeOfConstants = inner.Length > 0;
        IsPure = true;
        foreach (Node node in inner)
        {
            CanFail |= node.CanFail;
            IsPure &= node.IsPure;
            BlockRows = Math.Min(BlockRows, node is Node<string?> or Node<object?> ? Frame.SlowBlockRows : node.BlockRows);
            IsMadeOfConstants &= node.IsConstant;
        }
    }

    public EngineType Type { get; }

    /// <summary>Whether computing a row can fail; if so, rows that a branch does not select must not be computed.</summary>
    public bool CanFail { get; protected init; }

    /// <summary>Whether every row has the same value, which is computed once.</summary>
    public bool IsConstant { get; protected init; }

    /// <summary>Whether every row would have the same value, because all operands are constants.</summary>
    public bool IsMadeOfConstants { get; protected init; }

    /// <summary>
    /// Whether a repeated computation gives the same result. Random numbers are drawn by one thread, in the order of the rows.
    /// </summary>
    public bool IsPure { get; protected init; }

    /// <summary>The number of rows that are computed at a time. Cancellation is checked between blocks.</summary>
    public int BlockRows { get; protected init; } = Frame.BlockRows;

    /// <summary>Whether no row can be null.</summary>
    public virtual bool IsNeverNull => false;

    /// <summary>Attaches the columns of another table for which the formula was bound in the same way.</summary>
    public virtual void Attach(FormulaContext context)
    {
        foreach (Node node in _inner)
            node.Attach(context);
    }

    /// <summary>Releases the columns and cached values.</summary>
    public virtual void Detach()
    {
        foreach (Node node in _inner)
            node.Detach();
    }

    /// <summary>Returns a node with the same values, which computes them once if they are constant.</summary>
    public abstract Node Fold();

    /// <summary>Computes a column.</summary>
    public abstract Column ToColumn(long rows, CancellationToken cancellationToken);

    /// <summary>Computes a range of rows as a column.</summary>
    public abstract Column ToColumn(long start, long count, CancellationToken cancellationToken);

    /// <summary>Throws if a column clearly exceeds the memory of the machine.</summary>
    public abstract void CheckMemory(long rows);
}

/// <inheritdoc cref="Node"/>
/// <typeparam name="T">The type in which the values are computed; <see cref="Null{T}"/> represents null.</typeparam>
internal abstract class Node<T> : Node
{
    /// <summary>Buffers of this size are small enough to be kept for reuse.</summary>
    protected const int FewRows = 64;

    private T[] _scratch = [];

    /// <inheritdoc/>
    protected Node(EngineType type, params ReadOnlySpan<Node> inner)
        : base(type, inner)
    {
    }

    public override Node Fold() => IsMadeOfConstants && !IsConstant ? new FoldedNode<T>(this) : this;

    /// <summary>Computes the rows of a frame into a span.</summary>
    public abstract void Fill(in Frame frame, Span<T> target);

    /// <summary>Computes the rows of a frame; the result is valid until the next call.</summary>
    public virtual ReadOnlySpan<T> Read(in Frame frame)
    {
        Span<T> target = Scratch(frame.Count);
        Fill(frame, target);
        return target;
    }

    public override void Detach()
    {
        // Keep no references, and no large buffers.
        _scratch = _scratch.Length > FewRows || RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? [] : _scratch;
        base.Detach();
    }

    protected Span<T> Scratch(int count)
    {
        if (_scratch.Length < count)
            _scratch = new T[count <= FewRows ? count : Math.Max(count, Frame.BlockRows)];
        return _scratch.AsSpan(0, count);
    }

    public override Column ToColumn(long rows, CancellationToken cancellationToken)
    {
        TextBudget.Reset();
        if (IsConstant && rows > 0)
        {
            T value = Read(new Frame(0, 1))[0];
            if (value is not IFormulaVector vector)
                return new ConstantColumn<T>(Type, value, rows);

            // An array may be a view of another column, so it is written like any other value.
            MemoryGuard.CheckRepeated(vector, rows);
        }

        CheckMemory(rows);
        return ToColumn(0, rows, cancellationToken);
    }

    public override void CheckMemory(long rows) => MemoryGuard.Check<T>(Type, rows);

    public override Column ToColumn(long start, long count, CancellationToken cancellationToken)
    {
        var sink = ColumnSink<T>.For(Type, count);
        try
        {
            for (long done = 0; done < count; done += BlockRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                TextBudget.Reset();
                int block = (int)Math.Min(BlockRows, count - done);
                Fill(new Frame(start + done, block), sink.Reserve(block));
                sink.Commit(block);
            }
        }
        catch
        {
            sink.Abandon();
            throw;
        }

        return sink.Finish();
    }
}
