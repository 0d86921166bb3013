namespace Wharf.Tables.Formulas;

/// <summary>Suggests a name for an unknown one.</summary>
internal static class NearestName
{
    // Names come from callers and may be long, and tables may have many columns.
    private const int LongestCompared = 64, MostCompared = 1_000;

    /// <summary>Returns the name with the smallest edit distance, if it is small relative to the length.</summary>
    public static string? Of(string name, IReadOnlyList<string> known)
    {
        if (name.Length > LongestCompared)
            return null;
        string? nearest = null;
        int fewest = Math.Max(1, name.Length / 3) + 1;
        foreach (string candidate in known.Take(MostCompared))
        {
            if (Math.Abs(candidate.Length - name.Length) >= fewest || candidate.Length > LongestCompared)
                continue;
            int changes = string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase) ? 0 : Changes(name, candidate);
            if (changes < fewest)
                (nearest, fewest) = (candidate, changes);
        }

        return nearest;
    }

    /// <summary>Returns the Levenshtein distance.</summary>
    private static int Changes(string from, string to)
    {
        Span<int> row = stackalloc int[to.Length + 1];
        for (int n = 0; n < row.Length; n++)
            row[n] = n;
        for (int f = 1; f <= from.Length; f++)
        {
            int diagonal = row[0];
            row[0] = f;
            for (int t = 1; t <= to.Length; t++)
            {
                int replaced = diagonal + (from[f - 1] == to[t - 1] ? 0 : 1);
                diagonal = row[t];
                row[t] = Math.Min(replaced, 1 + Math.Min(row[t - 1], row[t]));
            }
        }

        return row[^1];
    }
}
