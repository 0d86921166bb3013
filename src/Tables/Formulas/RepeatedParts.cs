using System.Collections.Frozen;

namespace Wharf.Tables;

/// <summary>Finds what a formula has more than once, so that it is computed once.</summary>
internal static class RepeatedParts
{
    // To compare trees costs as much as they are deep; what people write is not.
    private const int DeepestSearched = 64;

    /// <summary>The parts that stand in more than one place, the largest only: not what is in them everywhere. Names and literals are nothing to be computed.</summary>
    public static IReadOnlySet<Syntax> Of(Syntax expression)
    {
        // The least that there could be is (a + b) * (a + b).
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
