using System.Collections.Immutable;

namespace Wharf.Grains.Fields;

/// <summary>
/// Assigns names to pages, so that a change writes a bounded number of names. A name stays in its page until it is removed. Not thread-safe: one grain uses it
/// on its scheduler.
/// </summary>
internal sealed class FieldPages
{
    /// <summary>The maximum number of names in a page.</summary>
    public const int MostFields = 64;

    /// <summary>The number of characters above which a page accepts no more names.</summary>
    public const int MostWeight = 64 * 1024;

    private readonly List<FieldPage> _pages = [];
    private readonly Dictionary<string, FieldPage> _pageOf = [];

    // The page on top accepts the next name. A full page is removed when it is found.
    private readonly Stack<FieldPage> _open = [];

    /// <summary>The pages in order.</summary>
    public IReadOnlyList<FieldPage> All => _pages;

    /// <summary>Finds the page of a name.</summary>
    /// <returns>The page, or null if the name has none.</returns>
    public FieldPage? PageOf(string ticket) => _pageOf.GetValueOrDefault(ticket);

    /// <summary>Adds empty pages up to a number of pages.</summary>
    public void Grow(int count)
    {
        while (_pages.Count < count)
            Add();
    }

    /// <summary>Reserves a place for a new name, in a page with room or in a new page.</summary>
    public FieldPage Reserve(StoredField field)
    {
        while (_open.TryPeek(out var open) && !open.HasRoomFor(field))
        {
            _open.Pop();
            open.IsOpen = false;
        }

        var page = _open.TryPeek(out var last) ? last : Add();
        page.Reserve(field);
        return page;
    }

    /// <summary>Stores a name in a page, or removes it.</summary>
    /// <param name="page">The page of the name.</param>
    /// <param name="ticket">The name.</param>
    /// <param name="field">The new content; null removes the name.</param>
    public void Apply(FieldPage page, string ticket, StoredField? field)
    {
        page.Apply(ticket, field);
        if (field is not null)
            _pageOf[ticket] = page;
        else if (_pageOf.Remove(ticket))
            Open(page);
    }

    /// <summary>Releases the reserved places of a page.</summary>
    public void Release(FieldPage page)
    {
        if (page.Release())
            Open(page);
    }

    private FieldPage Add()
    {
        var page = new FieldPage(_pages.Count);
        _pages.Add(page);
        Open(page);
        return page;
    }

    private void Open(FieldPage page)
    {
        if (page.IsOpen)
            return;
        page.IsOpen = true;
        _open.Push(page);
    }
}

/// <summary>A page in memory.</summary>
/// <param name="index">The index of the page.</param>
internal sealed class FieldPage(int index)
{
    private readonly Dictionary<string, StoredField> _fields = [];
    private int _weight;
    private int _reserved;
    private int _reservedWeight;

    /// <summary>The index of the page.</summary>
    public int Index => index;

    /// <summary>The stored names.</summary>
    public IReadOnlyDictionary<string, StoredField> Fields => _fields;

    /// <summary>The version of the record of the page; null if it has no record.</summary>
    public string? ETag { get; set; }

    /// <summary>Whether the page is listed as a page with room.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Returns whether a new name fits.</summary>
    public bool HasRoomFor(StoredField field) =>
        _fields.Count + _reserved == 0
        || (_fields.Count + _reserved < FieldPages.MostFields && _weight + _reservedWeight + field.Weight <= FieldPages.MostWeight);

    /// <summary>Reserves a place.</summary>
    public void Reserve(StoredField field)
    {
        _reserved++;
        _reservedWeight += field.Weight;
    }

    /// <summary>Releases all reserved places.</summary>
    /// <returns>Whether places were reserved.</returns>
    public bool Release()
    {
        var had = _reserved > 0;
        (_reserved, _reservedWeight) = (0, 0);
        return had;
    }

    /// <summary>Stores or removes a name.</summary>
    public void Apply(string ticket, StoredField? field)
    {
        if (_fields.Remove(ticket, out var before))
            _weight -= before.Weight;
        if (field is null)
            return;
        _fields[ticket] = field;
        _weight += field.Weight;
    }

    /// <summary>Creates the record of this page with changes.</summary>
    public StoredFieldPage Record(long version, IReadOnlyDictionary<string, StoredField?>? changes) => new()
    {
        Version = version,
        Fields = changes is null
            ? [.. _fields.Values]
            : [.. _fields.Values.Where(field => !changes.ContainsKey(field.Ticket)), .. changes.Values.OfType<StoredField>()],
    };
}
