using Wharf.Tables.Columns;
using Wharf.Tables.Operations;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas;

/// <summary>
/// Recognizes formulas that are certain to take only microseconds: arithmetic, comparisons and branches of numbers over few rows. A call, a
/// string or a whole column can take arbitrarily long.
/// </summary>
internal static class FastFormulas
{
    private const int MostRows = 4096, MostLength = 256;

    /// <summary>Returns whether all formulas of an operation are fast.</summary>
    public static bool AreFast(SelectOrUpdate operation, ArrowTable input)
    {
        if (input.RowCount > MostRows || operation.Parameters.Count > 0
            || operation.Columns.Sum(static formula => (long)formula.Length) > MostLength)
            return false;
        try
        {
            return operation.Columns.All(formula => IsFast(SelectOrUpdateHandler.Parsed.Parse(formula).Expression, input));
        }
        catch (FormulaError)
        {
            // The error is reported when the operation is run.
            return false;
        }
    }

    private static bool IsFast(Syntax syntax, ArrowTable input) => syntax switch
    {
        LiteralSyntax { Type: var type } => type.Kind <= EngineKind.Double,

        // Other names are row indexes or columns of earlier formulas, and therefore numbers.
        NameSyntax { Name: var name } => input.Find(name) is { } column ? IsReadInPlace(column) : !name.EndsWith('_'),
        UnarySyntax or BinarySyntax or ConditionalSyntax => syntax.Inner.All(inner => IsFast(inner, input)),
        CastSyntax { Type.Kind: <= EngineKind.Double } => syntax.Inner.All(inner => IsFast(inner, input)),
        _ => false,
    };

    // Reading selected rows of another column first copies them.
    private static bool IsReadInPlace(Column column) =>
        column.Type.Kind <= EngineKind.Double && column is (ChunkedColumn or IConstantColumn);
}
