namespace Wharf.Gateway.Hosting;

/// <summary>The Levenshtein distance of two words, without regard to case.</summary>
internal static class EditDistance
{
    /// <summary>Returns the number of characters to insert, remove or replace.</summary>
    public static int Between(string one, string other)
    {
        var row = new int[other.Length + 1];
        for (var column = 0; column < row.Length; column++)
            row[column] = column;
        for (var line = 1; line <= one.Length; line++)
        {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column < row.Length; column++)
            {
                var changed = diagonal + (char.ToUpperInvariant(one[line - 1]) == char.ToUpperInvariant(other[column - 1]) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(changed, 1 + Math.Min(row[column], row[column - 1]));
            }
        }

        return row[^1];
    }
}
