using Wharf.Gateway.Hosting;

namespace Wharf.Server.Settings;

/// <summary>Finds the setting that is nearest to a misspelt path.</summary>
internal static class NearestSetting
{
    /// <summary>Returns the nearest path of all settings.</summary>
    public static string Of(string path)
    {
        var parts = path.Split(':');
        return KnownSettings.All.Select(setting => setting.With(parts)).MinBy(known => Distance(path, known))!;
    }

    /// <summary>Returns the edit distance of two paths. A known name in the wrong section is nearer than a wrong name.</summary>
    public static double Distance(string path, string known)
    {
        var whole = EditDistance.Between(path, known);
        var (end, knownEnd) = (path.LastIndexOf(':'), known.LastIndexOf(':'));
        var isSameName = path.AsSpan(end + 1).Equals(known.AsSpan(knownEnd + 1), StringComparison.OrdinalIgnoreCase);
        return isSameName && end > 0 && knownEnd > 0 ? Math.Min(whole, EditDistance.Between(path[..end], known[..knownEnd]) / 2.0) : whole;
    }
}
