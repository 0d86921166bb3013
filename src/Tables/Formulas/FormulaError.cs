namespace Wharf.Tables;

/// <summary>Something is wrong with a formula; whoever runs it adds the formula's text for the caller.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="position">Where in the formula, if known.</param>
internal sealed class FormulaError(string message, int position = -1) : Exception(message)
{
    public int Position { get; } = position;

    /// <summary>What the caller of the operation gets.</summary>
    public TableException ToException(string formula)
    {
        const int shown = 200;
        string text = formula.Length <= shown ? formula : formula[..shown] + "…";
        string place = Position < 0 ? "" : $" at position {Position + 1}";
        return new TableException(TableError.InvalidArgument, $"formula `{text}`: {Message}{place}", this);
    }
}
