namespace Wharf.Tables;

/// <summary>A part that stands in several places of a formula and is computed once for each block.</summary>
internal interface ISharedPart
{
    /// <summary>The part as it stands in one of the places.</summary>
    /// <param name="moved">How far behind the first of them.</param>
    Node At(int moved);
}

/// <inheritdoc cref="ISharedPart"/>
internal sealed class SharedPart<T>(Node<T> node) : ISharedPart
{
    private T[] _values = [];
    private Frame _computed;

    /// <summary>What computes it.</summary>
    public Node<T> Node => node;

    public Node At(int moved) => new SharedNode<T>(this, moved);

    /// <summary>The values of a whole block.</summary>
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

    /// <summary>Forgets them.</summary>
    public void Forget() => (_computed, _values) = (default, []);
}

/// <summary>One of the places of a part that is shared.</summary>
internal sealed class SharedNode<T>(SharedPart<T> part, int moved) : Node<T>(part.Node.Type, part.Node)
{
    public override bool IsNeverNull => part.Node.IsNeverNull;

    public override void Fill(in Frame frame, Span<T> target) => Read(frame).CopyTo(target);

    public override ReadOnlySpan<T> Read(in Frame frame)
    {
        try
        {
            // Of some rows of a block there may be several lists while one is computed; only what is of the whole block is the same for all.
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
