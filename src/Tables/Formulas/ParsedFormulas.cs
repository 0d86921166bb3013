namespace Wharf.Tables;

/// <summary>Remembers how formulas and conditions were read: clients send the same ones again and again.</summary>
/// <typeparam name="T">What comes out of reading.</typeparam>
internal sealed class ParsedFormulas<T>(Func<string, T> parse)
    where T : class
{
    // Texts come from callers: neither one long one nor many short ones may fill the memory.
    private const int LongestKept = 1024, MostKept = 1024;

    private readonly BoundedCache<string, T> _known = new(MostKept, StringComparer.Ordinal);

    /// <summary>Reads a text, or finds how it was read before. What is wrong is not remembered.</summary>
    public T Parse(string text)
    {
        if (_known.TryGet(text, out T? known))
            return known;
        T parsed = parse(text);
        return text.Length > LongestKept ? parsed : _known.Add(text, parsed);
    }
}
