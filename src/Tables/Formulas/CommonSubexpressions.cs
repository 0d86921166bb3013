using System.Collections.Frozen;

namespace Wharf.Tables.Formulas;

/// <summary>Finds the subexpressions that occur more than once in a formula, so that they are computed once.</summary>
internal static class CommonSubexpressions
{
    // Comparing trees takes time proportional to their depth; typical formulas are not deep.
    private const int DeepestSearched = 64;

    /// <summary>Returns the largest repeated subexpressions, without their parts. Names and literals are not included.</summary>
    public static IReadOnlySet<Syntax> Of(Syntax expression)
    {
        // The smallest tree with a repeated part is (a + b) * (a + b).
        if (expression.Depth is < 3 or > DeepestSearched)
            return FrozenSet<Syntax>.Empty;
        var seen = new HashSet<Syntax>();
        HashSet<Syntax>? repeated = null;
        Visit(expression);
        return repeated ?? (IReadOnlySet<Syntax>)FrozenSet<Syntax>.Empty;

        void Visit(Syntax part)
        {
            if (part.Inner.Count == 0 && part is not CallSyntax)
                return;
            if (!seen.Add(part))
            {
                (repeated ??= []).Add(part);
                return;
            }

            foreach (Syntax inner in part.Inner)
                Visit(inner);
        }
    }
}
