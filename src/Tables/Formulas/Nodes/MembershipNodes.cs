using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary>Tests whether a value is in a fixed set, which may contain null.</summary>
internal sealed class MembershipNode<T>(Node<T> operand, HashSet<T> values, bool isInverted) : Node<sbyte>(EngineType.Boolean, operand)
{
    public override bool IsNeverNull => true;

    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        ReadOnlySpan<T> read = operand.Read(frame)[..target.Length];
        for (int n = 0; n < target.Length; n++)
            target[n] = values.Contains(read[n]) != isInverted ? (sbyte)1 : (sbyte)0;
    }
}

/// <summary>Tests strings by a predicate or its negation; false for null in both cases.</summary>
internal sealed class TextTestNode(Node<string?> operand, Func<string, bool> test, bool isInverted, int position)
    : Node<sbyte>(EngineType.Boolean, operand)
{
    public override bool IsNeverNull => true;

    public override void Fill(in Frame frame, Span<sbyte> target)
    {
        ReadOnlySpan<string?> texts = operand.Read(frame)[..target.Length];
        try
        {
            for (int n = 0; n < target.Length; n++)
                target[n] = texts[n] is { } text && test(text) != isInverted ? (sbyte)1 : (sbyte)0;
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            throw new FormulaError("the pattern takes too long to match", position);
        }
    }
}
