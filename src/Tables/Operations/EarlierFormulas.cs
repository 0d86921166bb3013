namespace Wharf.Tables;

/// <summary>What the formulas of one operation have computed so far: a later one that has the same in it takes the column.</summary>
internal sealed class EarlierFormulas
{
    private readonly List<(Syntax Syntax, Column Column)> _columns = [];

    /// <summary>Whether anything has been computed that is worth taking.</summary>
    public bool Any => _columns.Count > 0;

    /// <summary>Adds a column.</summary>
    /// <param name="name">Its name; what was computed of another column of this name is not the same any more.</param>
    /// <param name="syntax">What was computed.</param>
    /// <param name="column">What came out.</param>
    /// <param name="isPure">Whether it would come out again.</param>
    public void Add(string name, Syntax syntax, Column column, bool isPure)
    {
        _columns.RemoveAll(earlier => Mentions(earlier.Syntax, name));

        // A sum is computed as fast as it is read.
        if (isPure && HasCall(syntax) && !Mentions(syntax, name))
            _columns.Add((syntax, column));
    }

    /// <summary>The column in which an expression is computed already.</summary>
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

    // A whole column is named by its name with _ behind it.
    private static bool Mentions(Syntax syntax, string name) =>
        (syntax is NameSyntax { Name: var mentioned } && (mentioned == name || mentioned == name + "_")) || syntax.Inner.Any(inner => Mentions(inner, name));
}
