using System.Runtime.CompilerServices;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary>
/// <c>condition ? a : b</c>. Only the selected branch is computed for a row, unless neither can fail: then both are computed.
/// </summary>
internal sealed class ConditionalNode<T> : Node<T>
{
    private readonly Node<sbyte> _condition;
    private readonly Node<T> _whenTrue, _whenFalse;
    private readonly int _position;

    public ConditionalNode(EngineType type, Node<sbyte> condition, Node<T> whenTrue, Node<T> whenFalse, int position)
        : base(type, condition, whenTrue, whenFalse)
    {
        (_condition, _whenTrue, _whenFalse, _position) = (condition, whenTrue, whenFalse, position);
        CanFail |= !condition.IsNeverNull;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<T> target)
    {
        ReadOnlySpan<sbyte> chosen = _condition.Read(frame)[..target.Length];
        int trues = BooleanBlock.CountTrue(chosen, _position);
        if (trues == target.Length)
        {
            _whenTrue.Fill(frame, target);
        }
        else if (trues == 0)
        {
            _whenFalse.Fill(frame, target);
        }
        else if (!_whenTrue.CanFail && !_whenFalse.CanFail)
        {
            ReadOnlySpan<T> a = _whenTrue.Read(frame)[..target.Length], b = _whenFalse.Read(frame)[..target.Length];
            for (int n = 0; n < target.Length; n++)
                target[n] = chosen[n] != 0 ? a[n] : b[n];
        }
        else
        {
            Part(frame, target, chosen, trues, 1, _whenTrue);
            Part(frame, target, chosen, target.Length - trues, 0, _whenFalse);
        }
    }

    private static void Part(in Frame frame, Span<T> target, ReadOnlySpan<sbyte> chosen, int count, sbyte wanted, Node<T> branch)
    {
        (int[] rows, int[] places) = BooleanBlock.Select(frame, chosen, count, wanted);
        ReadOnlySpan<T> values = branch.Read(new Frame(frame.Start, count, rows));
        for (int n = 0; n < count; n++)
            target[places[n]] = values[n];
    }
}

/// <summary><c>&amp;&amp;</c> and <c>||</c>. The right operand is computed only for rows that the left one does not decide.</summary>
internal sealed class LogicNode : Node<sbyte>
{
    private readonly Node<sbyte> _left, _right;
    private readonly sbyte _undecided;
    private readonly int _position;

    public LogicNode(bool isAnd, Node<sbyte> left, Node<sbyte> right, int position)
        : base(EngineType.Boolean, left, right)
    {
        (_left, _right, _undecided, _position) = (left, right, isAnd ? (sbyte)1 : (sbyte)0, position);
        CanFail |= !left.IsNeverNull || !right.IsNeverNull;
    }

    public override bool IsNeverNull => true;

    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        _left.Fill(frame, target);
        int trues = BooleanBlock.CountTrue(target, _position);
        int undecided = _undecided == 1 ? trues : target.Length - trues;
        if (undecided == 0)
            return;
        if (undecided == target.Length)
        {
            _right.Fill(frame, target);
            BooleanBlock.CountTrue(target, _position);
            return;
        }

        (int[] rows, int[] places) = BooleanBlock.Select(frame, target, undecided, _undecided);
        ReadOnlySpan<sbyte> values = _right.Read(new Frame(frame.Start, undecided, rows));
        BooleanBlock.CountTrue(values, _position);
        for (int n = 0; n < undecided; n++)
            target[places[n]] = values[n];
    }
}

/// <summary><c>!</c>, which propagates null.</summary>
internal sealed class NotNode(Node<sbyte> operand) : Node<sbyte>(EngineType.Boolean, operand)
{
    public override bool IsNeverNull => operand.IsNeverNull;

    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        ReadOnlySpan<sbyte> values = operand.Read(frame);
        for (int n = 0; n < target.Length; n++)
            target[n] = values[n] == sbyte.MinValue ? sbyte.MinValue : (sbyte)(1 - values[n]);
    }
}

/// <summary>A cast to <c>boolean</c>, which fails for null.</summary>
internal sealed class NotNullBooleanNode : Node<sbyte>
{
    private readonly Node<sbyte> _operand;
    private readonly int _position;

    public NotNullBooleanNode(Node<sbyte> operand, int position)
        : base(EngineType.Boolean, operand)
    {
        (_operand, _position) = (operand, position);
        CanFail = true;
    }

    public override bool IsNeverNull => true;

    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        _operand.Fill(frame, target);
        BooleanBlock.CountTrue(target, _position);
    }
}

/// <summary>Helpers for blocks of Booleans.</summary>
internal static class BooleanBlock
{
    /// <summary>Returns the number of true values; throws if there is a null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int CountTrue(ReadOnlySpan<sbyte> values, int position)
    {
        if (values.Contains(sbyte.MinValue))
            throw new FormulaError("a condition is null here; test it with isNull first", position);
        int trues = 0;
        foreach (sbyte value in values)
            trues += value;
        return trues;
    }

    /// <summary>Returns the rows of a frame that have a value, and their positions in the frame.</summary>
    public static (int[] Rows, int[] Places) Select(in Frame frame, ReadOnlySpan<sbyte> values, int count, sbyte wanted)
    {
        int[] places = new int[count];
        int found = 0;
        for (int n = 0; n < values.Length; n++)
        {
            if (values[n] == wanted)
                places[found++] = n;
        }

        if (frame.Rows is not { } outer)
            return (places, places);
        int[] rows = new int[count];
        for (int n = 0; n < count; n++)
            rows[n] = outer[places[n]];
        return (rows, places);
    }
}
