using System.Runtime.CompilerServices;

namespace Wharf.Tables;

/// <summary>A part of a formula whose type is known, ready to compute blocks of rows. It has scratch memory, so only one thread computes with it at a time.</summary>
internal abstract class Node
{
    private readonly Node[] _inner;

    /// <summary>Makes a node on top of others.</summary>
    /// <param name="type">The type of its values.</param>
    /// <param name="inner">What it computes from.</param>
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

    /// <summary>Whether computing a row can fail; then rows that a branch does not ask for must not be computed.</summary>
    public bool CanFail { get; protected init; }

    /// <summary>Whether every row has the same value, without computing it again.</summary>
    public bool IsConstant { get; protected init; }

    /// <summary>Whether one computation would do for all rows.</summary>
    public bool IsMadeOfConstants { get; protected init; }

    /// <summary>Whether computing again gives the same; what draws random numbers is computed by one thread from the first row to the last.</summary>
    public bool IsPure { get; protected init; }

    /// <summary>How many rows are computed in one go; between two blocks a computation that is no longer wanted ends.</summary>
    public int BlockRows { get; protected init; } = Frame.BlockRows;

    /// <summary>Whether no row can be null.</summary>
    public virtual bool IsNeverNull => false;

    /// <summary>Takes the columns of another table, in which the formula means the same.</summary>
    public virtual void Attach(FormulaContext context)
    {
        foreach (Node node in _inner)
            node.Attach(context);
    }

    /// <summary>Lets go of the columns and of whatever was kept while they were computed with.</summary>
    public virtual void Detach()
    {
        foreach (Node node in _inner)
            node.Detach();
    }

    /// <summary>The same values, computed once if one computation does.</summary>
    public abstract Node Folded();

    /// <summary>Computes a whole column.</summary>
    public abstract Column ToColumn(long rows, CancellationToken cancellationToken);

    /// <summary>Computes some rows as a column of their own.</summary>
    public abstract Column ToColumn(long start, long count, CancellationToken cancellationToken);

    /// <summary>Refuses a column that this machine plainly cannot hold.</summary>
    public abstract void CheckMemory(long rows);
}

/// <inheritdoc cref="Node"/>
/// <typeparam name="T">The type that loops over these values use; <see cref="Null{T}"/> stands for null.</typeparam>
internal abstract class Node<T> : Node
{
    /// <summary>So many values take so little memory that they are kept for the next time.</summary>
    protected const int FewRows = 64;

    private T[] _scratch = [];

    /// <inheritdoc/>
    protected Node(EngineType type, params ReadOnlySpan<Node> inner)
        : base(type, inner)
    {
    }

    public override Node Folded() => IsMadeOfConstants && !IsConstant ? new FoldedNode<T>(this) : this;

    /// <summary>Computes the rows of a frame into a place for them.</summary>
    public abstract void Fill(in Frame frame, Span<T> target);

    /// <summary>Computes the rows of a frame; the answer is good until the next call.</summary>
    public virtual ReadOnlySpan<T> Read(in Frame frame)
    {
        Span<T> target = Scratch(frame.Count);
        Fill(frame, target);
        return target;
    }

    public override void Detach()
    {
        // Nothing is kept that would keep something else alive.
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

            // An array may be a view of other columns, so it is written out like any other.
            MemoryGuard.CheckRepeated(vector, rows);
        }

        CheckMemory(rows);
        return ToColumn(0, rows, cancellationToken);
    }

    public override void CheckMemory(long rows) => MemoryGuard.Check<T>(Type, rows);

    public override Column ToColumn(long start, long count, CancellationToken cancellationToken)
    {
        ColumnSink<T> sink = ColumnSink<T>.For(Type, count);
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
