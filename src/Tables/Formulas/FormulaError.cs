using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas;

/// <summary>An error in a formula. <see cref="FormulaErrors"/> adds the text of the formula for the caller.</summary>
/// <param name="message">The error.</param>
/// <param name="position">The position in the formula, if it is known.</param>
internal sealed class FormulaError(string message, int position = -1) : Exception(message)
{
    // The part of a long formula that fits into a line of a terminal.
    private const int ShownBefore = 60, ShownBehind = 40;

    /// <summary>Creates the error from an interpolated text, formatted in the invariant culture.</summary>
    public FormulaError(ref InvariantText message, int position = -1)
        : this(message.ToStringAndClear(), position)
    {
    }

    public int Position { get; } = position;

    /// <summary>Converts the error for the caller of the operation: adds the formula, with a caret under the position.</summary>
    /// <param name="kind">The kind of text: a formula or a condition.</param>
    /// <param name="formula">The text; null if there is none.</param>
    public TableException ToException(string kind, string? formula)
    {
        if (formula is null)
            return new TableException(TableError.InvalidArgument, $"{kind}: {Message}", this);
        return new TableException(TableError.InvalidArgument, $"{Describe(kind, formula)}: {Message}\n{WithPointer(formula)}", this);
    }

    private static string Describe(string kind, string formula)
    {
        int assignment = formula.IndexOf('=', StringComparison.Ordinal);
        string column = assignment < 0 ? "" : formula[..assignment].Trim();
        return kind == "formula" && ColumnNames.IsLegal(column) && column.Length <= ShownBefore ? $"{kind} of column {column}" : kind;
    }

    private string WithPointer(string formula)
    {
        int place = Math.Clamp(Position, 0, formula.Length);
        int start = place > ShownBefore ? place - ShownBefore : 0, end = Math.Min(formula.Length, place + ShownBehind);
        string before = start > 0 ? "…" : "", behind = end < formula.Length ? "…" : "";

        // Each character of the text is one character of the line, so that the caret is aligned; control characters are shown as blanks.
        string shown = before + string.Concat(formula[start..end].Select(static c => char.IsControl(c) ? ' ' : c)) + behind;
        return Position < 0 ? $"  {shown}" : $"  {shown}\n  {new string(' ', before.Length + place - start)}^";
    }
}
