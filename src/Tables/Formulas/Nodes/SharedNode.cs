namespace Wharf.Tables.Formulas.Nodes;

/// <summary>A subexpression that occurs several times in a formula and is computed once per block.</summary>
internal interface ISharedPart
{
    /// <summary>Returns a node for one of its occurrences.</summary>
    /// <param name="moved">The offset of the occurrence from the first one.</param>
    Node At(int moved);
}

/// <inheritdoc cref="ISharedPart"/>
internal sealed class SharedPart<T>(Node<T> node) : ISharedPart
{
    private T[] _values = [];
    private Frame _computed;

    /// <summary>The node that computes it.</summary>
    public Node<T> Node => node;

    public Node At(int moved) => new SharedNode<T>(this, moved);

    /// <summary>Returns the values of a whole block.</summary>
    public ReadOnlySpan<T> Read(in Frame frame)
    {
        if (_computed != frame)
        {
            _computed = default;
            if (_values.Length < frame.Count)
                _values = new T[frame.Count];
            node.Fill(frame, _values.AsSpan(0, frame.Count));
            _computed = frame;
        }

        return _values.AsSpan(0, frame.Count);
    }

    /// <summary>Releases the cached values.</summary>
    public void Forget() => (_computed, _values) = (default, []);
}

/// <summary>An occurrence of a shared subexpression.</summary>
internal sealed class SharedNode<T>(SharedPart<T> part, int moved) : Node<T>(part.Node.Type, part.Node)
{
    public override bool IsNeverNull => part.Node.IsNeverNull;

    public override void Fill(in Frame frame, Span<T> target) => Read(frame).CopyTo(target);

    public override ReadOnlySpan<T> Read(in Frame frame)
    {
        try
        {
            // Branches may select different rows of a block; only the values of whole blocks are shared.
            if (frame.Rows is null)
                return part.Read(frame);
            Span<T> target = Scratch(frame.Count);
            part.Node.Fill(frame, target);
            return target;
        }
        catch (FormulaError error) when (moved != 0 && error.Position >= 0)
        {
            throw new FormulaError(error.Message, error.Position + moved);
        }
    }

    public override void Detach()
    {
        part.Forget();
        base.Detach();
    }
}
