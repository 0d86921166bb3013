namespace Wharf.Tables.Formulas;

/// <summary>Caches parsed formulas and conditions: clients send the same ones repeatedly.</summary>
/// <typeparam name="T">The type of the parsed text.</typeparam>
internal sealed class ParsedFormulas<T>(Func<string, T> parse)
    where T : class
{
    // The texts come from callers: their length and their number are limited.
    private const int LongestKept = 1024, MostKept = 1024;

    private readonly BoundedCache<string, T> _known = new(MostKept, StringComparer.Ordinal);

    /// <summary>Parses a text, or returns the cached result. Errors are not cached.</summary>
    public T Parse(string text)
    {
        if (_known.TryGet(text, out T? known))
            return known;
        T parsed = parse(text);
        return text.Length > LongestKept ? parsed : _known.Add(text, parsed);
    }
}
