namespace Wharf.Server.Settings;

/// <summary>Finds the setting that a misspelt path probably means.</summary>
internal static class NearestSetting
{
    /// <summary>The nearest path among all settings.</summary>
    public static string Of(string path)
    {
        var parts = path.Split(':');
        return KnownSettings.All.Select(setting => setting.With(parts)).MinBy(known => Distance(path, known))!;
    }

    /// <summary>How many characters have to be changed, added or removed. A name in the wrong section is nearer than a wrong name.</summary>
    public static double Distance(string path, string known)
    {
        var whole = Edits(path, known);
        var (end, knownEnd) = (path.LastIndexOf(':'), known.LastIndexOf(':'));
        var isSameName = path.AsSpan(end + 1).Equals(known.AsSpan(knownEnd + 1), StringComparison.OrdinalIgnoreCase);
        return isSameName && end > 0 && knownEnd > 0 ? Math.Min(whole, Edits(path[..end], known[..knownEnd]) / 2.0) : whole;
    }

    private static int Edits(string one, string other)
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
