using System.Globalization;
using Wharf.Grains.Tables;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>The feeds of changes of a session's exports, and their followers.</summary>
internal sealed class SessionFeeds(SessionOptions options, ExportTable table, RetryingCalls calls, TimeProvider time)
{
    private readonly FeedLog<ExportNotice> _notices = new(options.MaxUnreadNotifications, options.MaxFollowers);
    private readonly FeedLog<TableUpdate> _updates = new(options.MaxUnreadNotifications, options.MaxFollowers);
    private readonly Signal _changed = new();

    public bool HasFollowers => _notices.HasFollowers || _updates.HasFollowers;

    public void Notify(NotifyEffect change)
    {
        if (!HasFollowers)
            return;
        _notices.Append(new ExportNotice(change.ExportId, (int)change.State, change.Context, change.DependentHandle));
        if (change is { State: ExportState.Exported, Value: { Reference.Kind: ObjectKind.Table } value } && _updates.HasFollowers)
            Update(change.ExportId, value, follower: null);
        _changed.Set();
    }

    public async Task<NotificationBatch> PullNoticesAsync(string follower, long cursor, CancellationToken cancellationToken)
    {
        if (cursor == 0 && !_notices.HasFollower(follower))
        {
            var live = table.ListLive().Select(export => new ExportNotice(export.Id, (int)export.State, "", ""));
            _notices.Add(follower, live.Append(new ExportNotice(0, (int)ExportState.Exported, StatusTexts.RunIsComplete, "")), time.GetUtcNow());
        }

        var page = await ReadAsync(_notices, follower, cursor, cancellationToken);
        return new NotificationBatch(page?.Items ?? [], page?.IsLast ?? false);
    }

    public async Task<TableUpdateBatch> PullUpdatesAsync(string follower, long cursor, CancellationToken cancellationToken)
    {
        if (cursor == 0 && !_updates.HasFollower(follower))
        {
            _updates.Add(follower, [], time.GetUtcNow());
            foreach (var (id, _, value) in table.ListLive().Where(export => export.Value?.Reference.Kind == ObjectKind.Table))
                Update(id, value!, follower);
        }

        var page = await ReadAsync(_updates, follower, cursor, cancellationToken);
        return new TableUpdateBatch(page?.Items ?? [], page?.IsLast ?? false);
    }

    public void Remove(string follower)
    {
        _notices.Remove(follower);
        _updates.Remove(follower);
    }

    public void RemoveIdle(DateTimeOffset before)
    {
        _notices.RemoveIdle(before);
        _updates.RemoveIdle(before);
    }

    public void End()
    {
        _notices.End();
        _updates.End();
        _changed.Set();
    }

    private Task<FeedPage<T>?> ReadAsync<T>(FeedLog<T> feed, string follower, long cursor, CancellationToken cancellationToken) =>
        LongPoll.UntilAsync(() => feed.Read(follower, cursor, time.GetUtcNow()), () => _changed.Next, time, cancellationToken);

    private void Update(int exportId, ExportValue value, string? follower)
    {
        if (value.Size is { } size)
            Append(new TableUpdate(exportId, size, ""), follower);
        else
            _ = SummarizeAsync(exportId, value.Reference, follower);
    }

    private async Task SummarizeAsync(int exportId, ObjectReference reference, string? follower)
    {
        TableUpdate update;
        try
        {
            var grain = calls.Grains.GetGrain<ITableGrain>(reference.ObjectId);
            var summary = await calls.RepeatAsync(grain.SummarizeAsync, CancellationToken.None);
            update = new TableUpdate(exportId, summary.Size, "");
        }
        catch (Exception failed)
        {
            var fault = Faults.From(failed, calls.Logger);
            update = new TableUpdate(exportId, -1, string.Create(CultureInfo.InvariantCulture, $"{fault.Code}: {fault.Message}"));
        }

        Append(update, follower);
        _changed.Set();
    }

    private void Append(TableUpdate update, string? follower)
    {
        if (_updates.HasEnded)
            return;
        if (follower is null)
            _updates.Append(update);
        else
            _updates.Append(follower, update);
    }
}
