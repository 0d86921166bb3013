using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Wharf.Tables;

/// <summary>
/// Remembers what was made of keys that come from callers: many of them may not fill the memory. When it is full it forgets everything, which costs less than to know what was used last. Safe for
/// many threads.
/// </summary>
/// <param name="most">How many are kept.</param>
/// <param name="comparer">Compares keys.</param>
internal sealed class BoundedCache<TKey, TValue>(int most, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _kept = new(comparer);

    // The dictionary would lock all of itself to count.
    private int _count;

    /// <summary>Finds what was made of a key.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => _kept.TryGetValue(key, out value);

    /// <summary>Remembers what was made of a key.</summary>
    /// <returns>The same, or what somebody else has made of it meanwhile.</returns>
    public TValue Add(TKey key, TValue value)
    {
        if (Interlocked.Increment(ref _count) > most)
        {
            _kept.Clear();
            _count = 1;
        }

        return _kept.GetOrAdd(key, value);
    }
}
