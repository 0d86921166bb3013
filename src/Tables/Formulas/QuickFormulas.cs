namespace Wharf.Tables;

/// <summary>
/// Tells formulas of which it is certain that they are computed in some microseconds: sums, comparisons and branches of numbers over few rows. A call, a text or a whole column may take as
/// long as it likes.
/// </summary>
internal static class QuickFormulas
{
    private const int MostRows = 4096, MostLength = 256;

    /// <summary>Whether formulas over a table are such.</summary>
    public static bool Are(SelectOrUpdate operation, ArrowTable input)
    {
        if (input.RowCount > MostRows || operation.Parameters.Count > 0 || operation.Columns.Sum(static formula => (long)formula.Length) > MostLength)
            return false;
        try
        {
            return operation.Columns.All(formula => IsQuick(SelectOrUpdateHandler.Parsed.Parse(formula).Expression, input));
        }
        catch (FormulaError)
        {
            // Whoever runs it says what is wrong with it.
            return false;
        }
    }

    private static bool IsQuick(Syntax syntax, ArrowTable input) => syntax switch
    {
        LiteralSyntax { Type: var type } => type.Kind <= EngineKind.Double,

        // What is no column of the table is the number of a row, or one that a formula before has made, and so a number too.
        NameSyntax { Name: var name } => input.Find(name) is { } column ? IsAtHand(column) : !name.EndsWith('_'),
        UnarySyntax or BinarySyntax or ConditionalSyntax => syntax.Inner.All(inner => IsQuick(inner, input)),
        CastSyntax { Type.Kind: <= EngineKind.Double } => syntax.Inner.All(inner => IsQuick(inner, input)),
        _ => false,
    };

    // Rows that were selected of another column are copied out first, and of that one too.
    private static bool IsAtHand(Column column) => column.Type.Kind <= EngineKind.Double && column is (ChunkedColumn or IConstantColumn);
}
