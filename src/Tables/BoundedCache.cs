using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables;

/// <summary>
/// A thread-safe cache for keys that come from callers, bounded in the number of entries. When it is full it is cleared, which is cheaper
/// than tracking which entries were used last.
/// </summary>
/// <param name="most">The maximum number of entries.</param>
/// <param name="comparer">The comparer of keys.</param>
internal sealed class BoundedCache<TKey, TValue>(int most, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _kept = new(comparer);

    // ConcurrentDictionary.Count would take all of its locks.
    private int _count;

    /// <summary>Finds the value of a key.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => _kept.TryGetValue(key, out value);

    /// <summary>Adds the value of a key.</summary>
    /// <returns>The value, or the value that another thread has added.</returns>
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
