using Wharf.Tables.Columns;
using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables.Operations;

/// <summary>
/// The columns of the earlier formulas of an operation. A later formula that contains the same expression reuses the column.
/// </summary>
internal sealed class EarlierFormulas
{
    private readonly List<(Syntax Syntax, Column Column)> _columns = [];

    /// <summary>Whether there is a column that can be reused.</summary>
    public bool Any => _columns.Count > 0;

    /// <summary>Adds a column.</summary>
    /// <param name="name">The name of the column. Expressions over an earlier column of this name are removed.</param>
    /// <param name="syntax">The expression.</param>
    /// <param name="column">The computed column.</param>
    /// <param name="isPure">Whether a repeated computation gives the same result.</param>
    public void Add(string name, Syntax syntax, Column column, bool isPure)
    {
        _columns.RemoveAll(earlier => References(earlier.Syntax, name));

        // Arithmetic is as fast as reading the column, so only calls are reused.
        if (isPure && HasCall(syntax) && !References(syntax, name))
            _columns.Add((syntax, column));
    }

    /// <summary>Returns the column of an expression that was already computed, or null.</summary>
    public Column? Find(Syntax syntax)
    {
        foreach ((Syntax earlier, Column column) in _columns)
        {
            if (earlier.Depth == syntax.Depth && earlier.Equals(syntax))
                return column;
        }

        return null;
    }

    private static bool HasCall(Syntax syntax) => syntax is CallSyntax || syntax.Inner.Any(HasCall);

    // A trailing underscore denotes the whole column.
    private static bool References(Syntax syntax, string name) =>
        (syntax is NameSyntax { Name: var mentioned } && (mentioned == name || mentioned == name + "_"))
            || syntax.Inner.Any(inner => References(inner, name));
}
