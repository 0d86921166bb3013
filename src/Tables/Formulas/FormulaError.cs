namespace Wharf.Tables;

/// <summary>Something is wrong with a formula; whoever runs it adds the formula's text for the caller.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="position">Where in the formula, if known.</param>
internal sealed class FormulaError(string message, int position = -1) : Exception(message)
{
    // As much of a long formula as fits into a line of a terminal.
    private const int ShownBefore = 60, ShownBehind = 40;

    /// <summary>Creates the error from an interpolated text, formatted in the invariant culture.</summary>
    public FormulaError(ref InvariantText message, int position = -1)
        : this(message.ToStringAndClear(), position)
    {
    }

    public int Position { get; } = position;

    /// <summary>What the caller of the operation gets: what is wrong, and the formula with a caret under the place.</summary>
    /// <param name="kind">What the text is: a formula or a condition.</param>
    /// <param name="formula">The text; null when there is none to show.</param>
    public TableException ToException(string kind, string? formula)
    {
        if (formula is null)
            return new TableException(TableError.InvalidArgument, $"{kind}: {Message}", this);
        return new TableException(TableError.InvalidArgument, $"{Named(kind, formula)}: {Message}\n{Pointed(formula)}", this);
    }

    private static string Named(string kind, string formula)
    {
        int assignment = formula.IndexOf('=', StringComparison.Ordinal);
        string column = assignment < 0 ? "" : formula[..assignment].Trim();
        return kind == "formula" && ColumnNames.IsLegal(column) && column.Length <= ShownBefore ? $"{kind} of column {column}" : kind;
    }

    private string Pointed(string formula)
    {
        int place = Math.Clamp(Position, 0, formula.Length);
        int start = place > ShownBefore ? place - ShownBefore : 0, end = Math.Min(formula.Length, place + ShownBehind);
        string before = start > 0 ? "…" : "", behind = end < formula.Length ? "…" : "";

        // One character of the text is one of the line, so that the caret stands under it; what would move it is shown as a blank.
        string shown = before + string.Concat(formula[start..end].Select(static c => char.IsControl(c) ? ' ' : c)) + behind;
        return Position < 0 ? $"  {shown}" : $"  {shown}\n  {new string(' ', before.Length + place - start)}^";
    }
}
