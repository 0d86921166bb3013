using Microsoft.Extensions.Logging;

namespace Wharf.Grains.Fields;

/// <summary>
/// Stores the changes of the names in rounds. Changes that arrive during a round are stored together by the next one. A change is applied to the table only
/// after it is stored; a change that cannot be stored is not made. Not thread-safe: one grain uses it on its scheduler.
/// </summary>
/// <param name="file">The records.</param>
/// <param name="table">The stored names.</param>
/// <param name="changed">Called after listed fields have changed.</param>
/// <param name="replaced">Called when another activation has taken over the records.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class FieldWriter(FieldFile file, FieldTable table, Action changed, Action replaced, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>The timeout of a round.</summary>
    public static readonly TimeSpan TimeLimit = FieldRecords.TimeLimit;

    /// <summary>The delay before uncertain records are written again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int MostChanges = 1024;
    private const int MostRewritten = 256;

    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<FieldChange> _waiting = [];
    private readonly List<TaskCompletionSource> _flushes = [];
    private bool _isRunning;
    private bool _isRetrying;
    private bool _isStoreUnavailable;
    private bool _isReplaced;

    /// <summary>Makes a change.</summary>
    /// <param name="ticket">The name.</param>
    /// <param name="update">
    /// Returns the new content of the name, given the content after the earlier changes; null is no name. It may throw a <see cref="FaultException"/> to refuse
    /// the change.
    /// </param>
    /// <returns>The content before and after the change, when it is stored.</returns>
    /// <exception cref="FaultException">UNAVAILABLE: the change cannot be stored, and is not made.</exception>
    public Task<(StoredField? Before, StoredField? After)> ChangeAsync(string ticket, Func<StoredField?, StoredField?> update)
    {
        var change = new FieldChange(ticket, update);
        _waiting.Enqueue(change);
        Start();
        return change.Done;
    }

    /// <summary>Writes all records, so that a store that has lost some of them, or has an older copy, is complete again.</summary>
    /// <exception cref="FaultException">UNAVAILABLE: a record cannot be written; it is written later.</exception>
    public Task FlushAsync()
    {
        var flush = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _flushes.Add(flush);
        Start();
        return flush.Task;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>Creates the failure of a call while another activation takes over the records.</summary>
    public static FaultException DirectoryMoving() => new(FaultCode.Unavailable, "The directory of the named objects is moving to another node; try again");

    private static FaultException StoreUnavailable() => new(FaultCode.Unavailable, "The named objects cannot be stored: the store of the cluster does not answer");

    private void Start()
    {
        if (_isRunning)
            return;
        _isRunning = true;
        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        do
        {
            try
            {
                await RoundAsync();
                if (_isStoreUnavailable)
                    LogStoreRecovered(logger);
                _isStoreUnavailable = false;
            }
            catch (ReplacedException)
            {
                Refuse(DirectoryMoving());
                if (!_isReplaced)
                    replaced();
                _isReplaced = true;
            }
            catch (Exception failed)
            {
                if (!_isStoreUnavailable)
                    LogStoreFailed(logger, failed);
                _isStoreUnavailable = true;
                Refuse(StoreUnavailable());
            }
        }
        while (_waiting.Count > 0 || _flushes.Count > 0 || (file.IsUncertain && !_isStoreUnavailable && !_isReplaced));
        _isRunning = false;
        if (_isStoreUnavailable && !_isReplaced && !_isRetrying && !_stop.IsCancellationRequested)
            _ = RetryAsync();
    }

    /// <summary>Retries the records whose last write has failed: that write may have succeeded, or may still succeed.</summary>
    private async Task RetryAsync()
    {
        _isRetrying = true;
        var stopped = _stop.Token;
        while (_isStoreUnavailable && !_isReplaced && !stopped.IsCancellationRequested)
        {
            await Task.Delay(Pause, time, stopped).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            if (!stopped.IsCancellationRequested && file.IsUncertain)
                Start();
            else if (!_isRunning)
                _isStoreUnavailable = false;
        }

        _isRetrying = false;
    }

    private async Task RoundAsync()
    {
        if (_isReplaced)
            throw new ReplacedException();
        using var limit = new CancellationTokenSource(TimeLimit, time);
        var isProbe = _isStoreUnavailable;
        var flushes = _flushes.Count;
        var writes = Plan();
        Exception? failure = null;
        try
        {
            if (flushes > 0 || file.IsFirstUncertain || writes.Any(write => write.Page.Index >= file.CountedPages))
                await file.WriteFirstAsync(limit.Token);
        }
        catch (Exception failed)
        {
            failure = failed;
        }

        // Without the first record no page can be added; existing pages do not need it.
        var version = table.Version + writes.Sum(static write => write.Changes.Count);
        var possible = writes.Where(write => failure is null || (failure is not ReplacedException && write.Page.Index < file.CountedPages)).ToArray();
        await FieldFile.ForEachAsync(possible, async write =>
        {
            try
            {
                await file.WritePageAsync(write.Page, version, write.Content, limit.Token);
                Apply(write);
            }
            catch (Exception failed)
            {
                failure = failure is ReplacedException ? failure : failed;
            }
        });
        foreach (var write in writes)
        {
            file.Pages.Release(write.Page);
            foreach (var change in write.Changes)
                change.Refuse(failure is ReplacedException ? DirectoryMoving() : StoreUnavailable());
        }

        if (failure is null)
        {
            // A flush writes all pages, to detect a store without their last versions.
            var rewritten = flushes > 0 ? file.Pages.All.ToArray() : file.UncertainPages.Take(isProbe ? 1 : MostRewritten).ToArray();
            await FieldFile.ForEachAsync(rewritten, page => file.WritePageAsync(page, table.Version, null, limit.Token));
        }

        if (failure is not null)
            throw failure;
        if (!file.IsUncertain)
        {
            _flushes.Take(flushes).ToList().ForEach(static flush => flush.SetResult());
            _flushes.RemoveRange(0, flushes);
        }
    }

    /// <summary>Computes the content of the pages with the waiting changes.</summary>
    private PageWrite[] Plan()
    {
        var writes = new Dictionary<FieldPage, PageWrite>();
        var pages = new Dictionary<string, PageWrite>();
        for (var count = 0; count < MostChanges && _waiting.TryDequeue(out var change); count++)
        {
            var planned = pages.GetValueOrDefault(change.Ticket);
            var before = planned is not null ? planned.Content[change.Ticket] : table.Find(change.Ticket);
            if (!change.TryUpdate(before))
                continue;
            if (ReferenceEquals(before, change.After))
            {
                // There is nothing to store, unless the previous content is still to be stored.
                if (planned is null)
                    change.Complete();
                else
                    planned.Changes.Add(change);
                continue;
            }

            if (planned is null)
            {
                var page = file.Pages.PageOf(change.Ticket) ?? file.Pages.Reserve(change.After!);
                if (!writes.TryGetValue(page, out planned))
                    writes[page] = planned = new PageWrite(page);
                pages[change.Ticket] = planned;
            }

            planned.Content[change.Ticket] = change.After;
            planned.Changes.Add(change);
        }

        return [.. writes.Values];
    }

    private void Apply(PageWrite write)
    {
        var hasChanged = false;
        file.Pages.Release(write.Page);
        foreach (var (ticket, field) in write.Content)
            file.Pages.Apply(write.Page, ticket, field);
        foreach (var change in write.Changes)
        {
            hasChanged |= table.Apply(change.Ticket, change.After);
            change.Complete();
        }

        write.Changes.Clear();
        if (hasChanged)
            changed();
    }

    private void Refuse(FaultException fault)
    {
        while (_waiting.TryDequeue(out var change))
            change.Refuse(fault);
        _flushes.ForEach(flush => flush.SetException(fault));
        _flushes.Clear();
    }

    /// <summary>The changes of one page in one round.</summary>
    private sealed record PageWrite(FieldPage Page)
    {
        public List<FieldChange> Changes { get; } = [];

        public Dictionary<string, StoredField?> Content { get; } = [];
    }

    [LoggerMessage(2509, LogLevel.Warning, "Failed to store the named fields; changes are refused until the store answers")]
    private static partial void LogStoreFailed(ILogger logger, Exception exception);

    [LoggerMessage(2510, LogLevel.Information, "The named fields are stored again")]
    private static partial void LogStoreRecovered(ILogger logger);
}

/// <summary>A change of a name that waits to be stored.</summary>
internal sealed class FieldChange(string ticket, Func<StoredField?, StoredField?> update)
{
    private readonly TaskCompletionSource<(StoredField? Before, StoredField? After)> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StoredField? _before;

    public string Ticket => ticket;

    public StoredField? After { get; private set; }

    /// <summary>Completes with the content before and after the change.</summary>
    public Task<(StoredField? Before, StoredField? After)> Done => _done.Task;

    /// <summary>Computes the content after the change.</summary>
    /// <returns>False if the change was refused.</returns>
    public bool TryUpdate(StoredField? before)
    {
        try
        {
            _before = before;
            After = update(before);
            return true;
        }
        catch (Exception refused)
        {
            _done.SetException(refused);
            return false;
        }
    }

    public void Complete() => _done.SetResult((_before, After));

    public void Refuse(FaultException fault) => _done.SetException(fault);
}
