namespace Wharf.Server.Settings;

/// <summary>A setting of the server.</summary>
/// <param name="Path">
/// The path, such as <c>Wharf:Auth:Psk</c>. <c>{n}</c> is a number from 0, another word in braces is a name that the operator chooses, and <c>**</c> is any path.
/// </param>
/// <param name="Type">The type of the value.</param>
/// <param name="Default">The default value; null if there is none.</param>
/// <param name="Owner">The options type of the setting; null if it is not bound to one.</param>
/// <param name="Property">The property.</param>
internal sealed record Setting(string Path, Type Type, object? Default, Type? Owner = null, string? Property = null)
{
    /// <summary>The placeholder of any path.</summary>
    public const string AnyPath = "**";

    private readonly string[] _parts = Path.Split(':');

    /// <summary>Whether a path of the configuration is this setting.</summary>
    public bool Matches(ReadOnlySpan<string> path)
    {
        for (var place = 0; place < _parts.Length; place++)
        {
            if (_parts[place] == AnyPath)
                return path.Length > place;
            if (place == path.Length || !Matches(_parts[place], path[place]))
                return false;
        }

        return path.Length == _parts.Length;
    }

    /// <summary>Returns the path with the chosen names of another path.</summary>
    public string With(ReadOnlySpan<string> path)
    {
        var parts = (string[])_parts.Clone();
        for (var place = 0; place < parts.Length && place < path.Length; place++)
            if (IsChosen(parts[place]) && (parts[place] != Number || IsNumber(path[place])))
                parts[place] = path[place];
        return string.Join(':', parts).Replace(Number, "0", StringComparison.Ordinal);
    }

    /// <summary>The placeholder of a number.</summary>
    internal const string Number = "{n}";

    private static bool Matches(string part, string given) =>
        part == Number ? IsNumber(given) : IsChosen(part) ? given.Length > 0 : string.Equals(part, given, StringComparison.OrdinalIgnoreCase);

    private static bool IsChosen(string part) => part.StartsWith('{');

    private static bool IsNumber(string part) => part.Length is > 0 and < 10 && part.All(char.IsAsciiDigit);
}
