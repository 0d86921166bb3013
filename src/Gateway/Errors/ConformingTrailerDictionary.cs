using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Wharf.Gateway.Errors;

/// <summary>Trailers that convert each value by <see cref="ResponseMetadata.Conform"/>.</summary>
internal sealed class ConformingTrailerDictionary(IHeaderDictionary inner, bool areInBody, bool arePlain) : IHeaderDictionary
{
    public StringValues this[string key]
    {
        get => inner[key];
        set => inner[key] = ResponseMetadata.Conform(key, value, areInBody, arePlain);
    }

    public long? ContentLength
    {
        get => inner.ContentLength;
        set => inner.ContentLength = value;
    }

    public ICollection<string> Keys => inner.Keys;

    public ICollection<StringValues> Values => inner.Values;

    public int Count => inner.Count;

    public bool IsReadOnly => inner.IsReadOnly;

    public void Add(string key, StringValues value) => ((IDictionary<string, StringValues>)inner).Add(key, ResponseMetadata.Conform(key, value, areInBody, arePlain));

    public void Add(KeyValuePair<string, StringValues> item) => Add(item.Key, item.Value);

    public void Clear() => inner.Clear();

    public bool Contains(KeyValuePair<string, StringValues> item) => inner.Contains(item);

    public bool ContainsKey(string key) => inner.ContainsKey(key);

    public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => inner.CopyTo(array, arrayIndex);

    public bool Remove(string key) => inner.Remove(key);

    public bool Remove(KeyValuePair<string, StringValues> item) => inner.Remove(item);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out StringValues value) => inner.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => inner.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
