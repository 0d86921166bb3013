using System.Collections.Concurrent;

namespace Wharf.Tables;

/// <summary>Remembers how formulas and conditions were read: clients send the same ones again and again.</summary>
/// <typeparam name="T">What comes out of reading.</typeparam>
internal sealed class ParsedFormulas<T>(Func<string, T> parse)
    where T : class
{
    // Texts come from callers: neither one long one nor many short ones may fill the memory.
    private const int LongestKept = 1024, MostKept = 1024;

    private readonly ConcurrentDictionary<string, T> _known = new(StringComparer.Ordinal);

    // The dictionary would lock all of itself to count.
    private int _kept;

    /// <summary>Reads a text, or finds how it was read before. What is wrong is not remembered.</summary>
    public T Parse(string text)
    {
        if (_known.TryGetValue(text, out T? known))
            return known;
        T parsed = parse(text);
        if (text.Length > LongestKept)
            return parsed;
        if (Interlocked.Increment(ref _kept) > MostKept)
        {
            _known.Clear();
            _kept = 1;
        }

        return _known[text] = parsed;
    }
}
