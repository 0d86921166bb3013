using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Wharf.Protocol;

namespace Wharf.Grains.Fields;

/// <summary>
/// The records of this activation. The first record names the activation that may write. Each activation writes all records once before it serves calls, so
/// that an earlier activation no longer has their current versions and cannot write. Not thread-safe: one grain uses it on its scheduler.
/// </summary>
internal sealed partial class FieldFile(FieldRecords records, ObjectTypeOffers offers, ILogger logger)
{
    private const int Attempts = 3;
    private const int MostAtOnce = 16;

    // Records that may differ from the memory: their versions must be read before they are written.
    private readonly HashSet<FieldPage> _uncertain = [];

    // Uncertain records whose versions need not be the last known ones.
    private readonly HashSet<FieldPage> _unknown = [];
    private readonly SemaphoreSlim _first = new(1);
    private string? _firstETag;
    private bool _isFirstUncertain;
    private bool _isFirstUnknown;
    private long _version;
    private long _term;

    /// <summary>The name of this activation.</summary>
    public string Writer { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The pages in memory.</summary>
    public FieldPages Pages { get; } = new();

    /// <summary>The number of pages in the first record. A page with a greater index cannot be written yet.</summary>
    public int CountedPages { get; private set; }

    /// <summary>Whether a record may differ from the memory.</summary>
    public bool IsUncertain => _isFirstUncertain || _uncertain.Count > 0;

    /// <summary>Whether the first record may differ from the memory.</summary>
    public bool IsFirstUncertain => _isFirstUncertain;

    /// <summary>The pages that may differ from their records.</summary>
    public IReadOnlyCollection<FieldPage> UncertainPages => _uncertain;

    /// <summary>Takes the records over from the previous activation, and reads them.</summary>
    /// <returns>The latest version in the records.</returns>
    /// <exception cref="InconsistentStateException">Another activation is taking the records over.</exception>
    public async Task<long> LoadAsync(CancellationToken cancellationToken)
    {
        var (first, etag) = await records.ReadFirstAsync(cancellationToken);
        offers.Restore(first.Makers);
        _version = first.Version;
        // From here on, an earlier activation cannot add a page.
        var hasNames = etag is not null && first.HasNames;
        (first.Writer, first.Term) = (Writer, first.Term + 1);
        _term = first.Term;
        _firstETag = await records.WriteFirstAsync(first, etag, cancellationToken);
        CountedPages = first.Pages;
        Pages.Grow(first.Pages);

        var read = new List<(FieldPage Page, StoredFieldPage Record)>();
        await ForEachAsync(Pages.All.ToArray(), async page => read.Add((page, await TakeOverAsync(page, cancellationToken))));
        // There are more pages if the store has lost the first record.
        while ((await records.ReadPageAsync(Pages.All.Count, cancellationToken)).ETag is not null)
        {
            Pages.Grow(Pages.All.Count + 1);
            read.Add((Pages.All[^1], await TakeOverAsync(Pages.All[^1], cancellationToken)));
        }

        foreach (var (page, record) in read.OrderBy(static page => page.Record.Version))
        {
            _version = Math.Max(_version, record.Version);
            if (hasNames)
                continue;
            foreach (var field in record.Fields.Where(IsValid))
            {
                if (Pages.PageOf(field.Ticket) is { } older)
                    Pages.Apply(older, field.Ticket, null);
                Pages.Apply(page, field.Ticket, field);
            }
        }

        if (hasNames)
            await SplitAsync(first, cancellationToken);
        else if (Pages.All.Count > CountedPages)
            await WriteFirstAsync(cancellationToken);
        return _version;
    }

    /// <summary>Writes the first record with the current number of pages.</summary>
    /// <exception cref="ReplacedException">Another activation writes the records.</exception>
    public async Task WriteFirstAsync(CancellationToken cancellationToken)
    {
        await _first.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                if (_isFirstUncertain)
                    await ReadFirstVersionAsync(cancellationToken);
                try
                {
                    var pages = Pages.All.Count;
                    var record = new StoredFields { Version = _version, Makers = offers.All, Pages = pages, Writer = Writer, Term = _term };
                    _isFirstUncertain = true;
                    _firstETag = await records.WriteFirstAsync(record, _firstETag, cancellationToken);
                    _isFirstUncertain = false;
                    CountedPages = Math.Max(CountedPages, pages);
                    return;
                }
                catch (InconsistentStateException) when (attempt < Attempts)
                {
                    // The version is read above.
                }
            }
        }
        finally
        {
            _first.Release();
        }
    }

    /// <summary>Writes a page with changes; the caller applies them to the page in memory afterwards.</summary>
    /// <exception cref="ReplacedException">Another activation writes the records.</exception>
    public async Task WritePageAsync(FieldPage page, long version, IReadOnlyDictionary<string, StoredField?>? changes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (_uncertain.Contains(page))
                await ReadVersionAsync(page, cancellationToken);
            try
            {
                _uncertain.Add(page);
                page.ETag = await records.WritePageAsync(page.Index, page.Record(version, changes), page.ETag, cancellationToken);
                _uncertain.Remove(page);
                _unknown.Remove(page);
                _version = Math.Max(_version, version);
                return;
            }
            catch (InconsistentStateException) when (attempt < Attempts)
            {
                // The version is read above.
            }
        }
    }

    /// <summary>Runs an operation for each item, a bounded number at a time.</summary>
    public static async Task ForEachAsync<T>(IReadOnlyList<T> items, Func<T, Task> operation)
    {
        foreach (var chunk in items.Chunk(MostAtOnce))
            await Task.WhenAll(chunk.Select(operation));
    }

    /// <summary>Reads a page and writes it unchanged.</summary>
    private async Task<StoredFieldPage> TakeOverAsync(FieldPage page, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (record, etag) = await records.ReadPageAsync(page.Index, cancellationToken);
            try
            {
                page.ETag = await records.WritePageAsync(page.Index, record, etag, cancellationToken);
                return record;
            }
            catch (InconsistentStateException) when (attempt < Attempts)
            {
                // The earlier activation has written the page in between; read it again.
            }
        }
    }

    /// <summary>Moves the names of a record without pages to pages. The record keeps the names until all pages are written.</summary>
    private async Task SplitAsync(StoredFields first, CancellationToken cancellationToken)
    {
        var configured = first.Configured.ToDictionary(static field => field.Ticket);
        var names = first.Fields.Select(field => new StoredField(field.Ticket, field, configured.GetValueOrDefault(field.Ticket)))
            .UnionBy(first.Configured.Select(static field => new StoredField(field.Ticket, null, field)), static name => name.Ticket);
        foreach (var name in names.Where(IsValid))
        {
            var page = Pages.Reserve(name);
            Pages.Release(page);
            Pages.Apply(page, name.Ticket, name);
        }

        first.Pages = Pages.All.Count;
        _firstETag = await records.WriteFirstAsync(first, _firstETag, cancellationToken);
        await ForEachAsync(Pages.All.ToArray(), async page => page.ETag = await records.WritePageAsync(page.Index, page.Record(_version, null), page.ETag, cancellationToken));
        await WriteFirstAsync(cancellationToken);
        LogSplit(logger, Pages.All.Sum(static page => page.Fields.Count), Pages.All.Count);
    }

    private async Task ReadFirstVersionAsync(CancellationToken cancellationToken)
    {
        var (first, etag) = await records.ReadFirstAsync(cancellationToken);
        if (etag is not null && (first.Writer.Length == 0 || first.Term > _term || (first.Term == _term && first.Writer != Writer)))
            throw new ReplacedException();
        if (etag != _firstETag && !_isFirstUnknown)
            MarkAllUncertain();
        (_firstETag, _isFirstUnknown) = (etag, false);
    }

    /// <summary>
    /// Reads the version of a page, and then checks that no other activation has taken over. An activation that does so later changes the version of the page.
    /// </summary>
    private async Task ReadVersionAsync(FieldPage page, CancellationToken cancellationToken)
    {
        var (_, etag) = await records.ReadPageAsync(page.Index, cancellationToken);
        if (etag != page.ETag && !_unknown.Contains(page))
            MarkAllUncertain();
        page.ETag = etag;
        _unknown.Remove(page);
        await _first.WaitAsync(cancellationToken);
        try
        {
            await ReadFirstVersionAsync(cancellationToken);
        }
        finally
        {
            _first.Release();
        }

        // After a loss of all data, the first record must be written first: without it the pages would not be found.
        if (_isFirstUncertain)
            await WriteFirstAsync(cancellationToken);
    }

    private bool IsValid(StoredField field)
    {
        var isValid = FieldNames.IsValid(field.Ticket);
        if (!isValid)
            LogDropping(logger, NameRules.Shown(field.Ticket));
        return isValid;
    }

    /// <summary>
    /// Marks all records to be written again. One of them is not the one that this activation has written last: the store has lost it, has an older copy, or
    /// has completed a write that appeared to fail.
    /// </summary>
    private void MarkAllUncertain()
    {
        LogUnexpectedRecord(logger);
        (_isFirstUncertain, _isFirstUnknown) = (true, true);
        _uncertain.UnionWith(Pages.All);
        _unknown.UnionWith(Pages.All);
    }

    [LoggerMessage(2506, LogLevel.Warning, "The stored name {Name} is too long or not printable; dropping it")]
    private static partial void LogDropping(ILogger logger, string name);

    [LoggerMessage(2507, LogLevel.Warning, "The store does not have the last written version of the named fields; writing all of them again")]
    private static partial void LogUnexpectedRecord(ILogger logger);

    [LoggerMessage(2508, LogLevel.Information, "Split the record of {Names} named fields into {Pages} pages")]
    private static partial void LogSplit(ILogger logger, int names, int pages);
}

/// <summary>Another activation of the directory has taken over the records.</summary>
internal sealed class ReplacedException() : Exception("another activation writes the named fields");
