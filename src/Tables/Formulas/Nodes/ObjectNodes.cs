using System.Globalization;
using System.Numerics;
using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary>The concatenation of strings; null becomes <c>null</c>.</summary>
internal sealed class ConcatNode(Node<string?> left, Node<string?> right) : Node<string?>(EngineType.String, left, right)
{
    /// <summary>The left operand.</summary>
    public Node<string?> Left => left;

    /// <summary>The right operand.</summary>
    public Node<string?> Right => right;

    public override Column ToColumn(long start, long count, CancellationToken cancellationToken)
    {
        var parts = new List<TextPart>();
        if (!TextPart.TryAdd(this, parts))
            return base.ToColumn(start, count, cancellationToken);
        var sink = new ConcatTextSink(count);
        try
        {
            for (long done = 0; done < count; done += Frame.BlockRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                sink.Write(parts, new Frame(start + done, (int)Math.Min(Frame.BlockRows, count - done)));
            }
        }
        catch
        {
            sink.Abandon();
            throw;
        }

        return sink.Finish();
    }

    public override void Fill(in Frame frame, Span<string?> target)
    {
        ReadOnlySpan<string?> a = left.Read(frame), b = right.Read(frame);
        for (int n = 0; n < target.Length; n++)
        {
            string first = a[n] ?? "null", second = b[n] ?? "null";
            TextBudget.Spend((long)first.Length + second.Length);
            target[n] = string.Concat(first, second);
        }
    }
}

/// <summary>Formats an integer; null becomes <c>null</c>.</summary>
internal sealed class IntegerTextNode<T>(Node<T> operand) : Node<string?>(EngineType.String, operand)
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>The integer.</summary>
    public Node<T> Operand => operand;

    public override void Fill(in Frame frame, Span<string?> target)
    {
        ReadOnlySpan<T> values = operand.Read(frame)[..target.Length];
        for (int n = 0; n < target.Length; n++)
            target[n] = values[n] == Null<T>.Value ? "null" : values[n].ToString(null, CultureInfo.InvariantCulture);
    }
}

/// <summary>
/// <c>vector[index]</c>. An index out of bounds gives null for a vector or a list of a column, and an error for an array created by the
/// formula.
/// </summary>
internal sealed class IndexNode<T> : Node<T>
{
    private readonly Node<object?> _vector;
    private readonly Node<long> _index;
    private readonly int _position;
    private readonly bool _isStrict;

    public IndexNode(EngineType type, Node<object?> vector, Node<long> index, int position)
        : base(type, vector, index)
    {
        (_vector, _index, _position) = (vector, index, position);
        _isStrict = !vector.Type.IsVector && vector is not IColumnNode;
        CanFail |= _isStrict;
    }

    public override void Fill(in Frame frame, Span<T> target)
    {
        ReadOnlySpan<object?> vectors = _vector.Read(frame);
        ReadOnlySpan<long> at = _index.Read(frame);
        for (int n = 0; n < target.Length; n++)
        {
            var elements = (FormulaVector<T>?)vectors[n];
            if (_isStrict && elements is not null && (at[n] < 0 || at[n] >= elements.Size))
                throw new FormulaError($"position {at[n]} is outside of an array of {elements.Size} elements", _position);
            target[n] = elements is not null && at[n] != Null<long>.Value ? elements.GetOrNull(at[n]) : Null<T>.Value;
        }
    }
}

/// <summary><c>new T[]{...}</c>.</summary>
internal sealed class ArrayNode<T>(EngineType type, Node<T>[] elements) : Node<object?>(type, elements)
{
    public override void Fill(in Frame frame, Span<object?> target)
    {
        var arrays = new T[target.Length][];
        for (int n = 0; n < arrays.Length; n++)
            arrays[n] = new T[elements.Length];
        for (int e = 0; e < elements.Length; e++)
        {
            ReadOnlySpan<T> values = elements[e].Read(frame);
            for (int n = 0; n < arrays.Length; n++)
                arrays[n][e] = values[n];
        }

        for (int n = 0; n < arrays.Length; n++)
            target[n] = new ArrayVector<T>(arrays[n]);
    }
}

/// <summary><c>new T[size]</c>: zeros, or nulls for reference types.</summary>
internal sealed class NewArrayNode<T> : Node<object?>
{
    private const int Largest = 1 << 24;

    private readonly Node<int> _size;
    private readonly int _position;

    public NewArrayNode(EngineType type, Node<int> size, int position)
        : base(type, size)
    {
        (_size, _position) = (size, position);
        CanFail = true;
    }

    public override void Fill(in Frame frame, Span<object?> target)
    {
        ReadOnlySpan<int> sizes = _size.Read(frame);
        for (int n = 0; n < target.Length; n++)
        {
            if (sizes[n] is < 0 or > Largest)
                throw new FormulaError($"an array cannot have {sizes[n]} elements", _position);
            target[n] = new ArrayVector<T>(new T[sizes[n]]);
        }
    }
}
