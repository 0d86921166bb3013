namespace Wharf.Tables;

/// <summary>Whether a value is one of a fixed set, in which null may be.</summary>
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

/// <summary>Whether a text passes a test, or, inverted, does not; null does neither.</summary>
internal sealed class TextTestNode(Node<string?> operand, Func<string, bool> test, bool isInverted, int position) : Node<sbyte>(EngineType.Boolean, operand)
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
