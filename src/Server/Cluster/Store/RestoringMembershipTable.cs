using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Wharf.Server.Cluster.Store;

/// <summary>
/// Wraps the membership table of Orleans, which treats a store that has lost its data as a new cluster. A node whose entry is missing writes the table
/// again before Orleans reads it. A node that finds no other node waits, so that nodes whose entries were lost can write them.
/// </summary>
internal sealed partial class RestoringMembershipTable(
    IMembershipTable table, ClusterStore store, StoreState state, EndedProcesses gone, IOptions<ClusterOptions> names, ILocalSiloDetails local, TimeProvider time,
    ILogger<RestoringMembershipTable> logger)
    : IMembershipTable
{
    /// <summary>Longer than the other nodes need to detect missing entries and to write them again.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private const int MostChanges = 10_000;

    private readonly SemaphoreSlim _restoring = new(1);
    private readonly AnnouncedLoss _announced = new(table, time);
    private readonly PendingLosses _pending = new(gone, state, time);
    private readonly Lock _lock = new();
    private MembershipTableData? _last;
    private MembershipTableData? _read;
    private bool _hasSettled;

    private SiloAddress Self => local.SiloAddress;

    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken = default) =>
        await table.InitializeMembershipTableAsync(tryInitTableVersion, cancellationToken);

    public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken = default) => _pending.ReadAsync(_last, ReadStoreAsync, cancellationToken);

    /// <summary>Reads the table from the store, never from memory.</summary>
    public async Task<MembershipTableData> ReadStoreAsync(CancellationToken cancellationToken)
    {
        var read = _last is { } last
            ? await ReadOrRestoreAsync(last, cancellationToken)
            : await SettleAsync(await ReadOrCreateAsync(cancellationToken), cancellationToken);
        Store(read);
        return read;
    }

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken = default)
    {
        var all = await ReadAllAsync(cancellationToken);
        return all.TryGet(key) is { } row ? new MembershipTableData(row, all.Version) : new MembershipTableData(all.Version);
    }

    public async Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken = default) =>
        await table.InsertRowAsync(entry, tableVersion, cancellationToken) && Store(entry, tableVersion);

    public async Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken = default)
    {
        // The process of an older node with the same address has ended: its port is in use by this one.
        if (entry.Status == SiloStatus.Dead && !entry.SiloAddress.Endpoint.Equals(Self.Endpoint))
        {
            if (!gone.Contains(entry.SiloAddress))
                return await _announced.DeclareAsync(entry, cancellationToken);
            return await _pending.DeclareAsync(
                entry.SiloAddress, token => table.UpdateRowAsync(entry, etag, tableVersion, token), cancellationToken) && Store(entry, tableVersion);
        }

        return await table.UpdateRowAsync(entry, etag, tableVersion, cancellationToken) && Store(entry, tableVersion);
    }

    // The read restores a missing entry, which could not be updated.
    public async Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken = default)
    {
        await ReadStoreAsync(cancellationToken);
        await table.UpdateIAmAliveAsync(entry, cancellationToken);
    }

    public async Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken = default) =>
        await table.CleanupDefunctSiloEntriesAsync(beforeDate, cancellationToken);

    public async Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken = default) =>
        await table.DeleteMembershipTableEntriesAsync(clusterId, cancellationToken);

    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion);

    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key);

    public Task<MembershipTableData> ReadAll() => ReadAllAsync();

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion);

    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry);

    private async Task<MembershipTableData> ReadOrRestoreAsync(MembershipTableData last, CancellationToken cancellationToken)
    {
        try
        {
            var read = await _pending.WriteAsync(table, await table.ReadAllAsync(cancellationToken), Self, cancellationToken);
            if (!Restoration.IsNeeded(last, read, Self))
                return read;
        }
        catch (Exception missing) when (store.IsMissing(missing))
        {
            // The table is restored below.
        }

        return await RestoreAsync(cancellationToken);
    }

    private async Task<MembershipTableData> ReadOrCreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await table.ReadAllAsync(cancellationToken);
        }
        catch (Exception missing) when (store.IsMissing(missing))
        {
            await store.PrepareAsync(cancellationToken);
            await table.InitializeMembershipTableAsync(true, cancellationToken);
            return await table.ReadAllAsync(cancellationToken);
        }
    }

    private async Task<MembershipTableData> SettleAsync(MembershipTableData read, CancellationToken cancellationToken)
    {
        if (_hasSettled)
            return read;
        _hasSettled = true;
        if (read.Members.Any(static member => Restoration.IsAlive(member.Item1)))
            return read;
        LogFirst(store.Name, names.Value.ClusterId, Settling);
        await Task.Delay(Settling, time, cancellationToken);
        return await ReadOrCreateAsync(cancellationToken);
    }

    private async Task<MembershipTableData> RestoreAsync(CancellationToken cancellationToken)
    {
        await _restoring.WaitAsync(cancellationToken);
        try
        {
            if (state.Loss is null)
                LogLost(store.Name, store.Addresses, names.Value.ClusterId, Self);
            state.Lose($"{store.Name} has lost the entry of this node");
            await store.PrepareAsync(cancellationToken);
            await table.InitializeMembershipTableAsync(true, cancellationToken);
            for (var change = 0; change < MostChanges; change++)
            {
                var read = await table.ReadAllAsync(cancellationToken);
                if (Restoration.Next(_last!, read, Self, time.GetUtcNow().UtcDateTime) is not { } next)
                {
                    LogRestored(store.Name, Self, read.Members.Count(static member => member.Item1.Status == SiloStatus.Active));
                    state.Restore();
                    return read;
                }

                await ApplyAsync(next, read, cancellationToken);
            }

            throw new TimeoutException("the membership table was changed continuously by other nodes");
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            state.Lose($"{store.Name} has lost the entry of this node, which cannot be written again: {store.Reason(failed)}");
            throw;
        }
        finally
        {
            _restoring.Release();
        }
    }

    private async Task ApplyAsync(Change change, MembershipTableData read, CancellationToken cancellationToken)
    {
        switch (change)
        {
            case Change.Insert insert:
                await table.InsertRowAsync(insert.Entry, read.Version.Next(), cancellationToken);
                break;
            case Change.Update update:
                var isForeign = _last!.TryGet(update.Entry.SiloAddress) is null;
                if (await table.UpdateRowAsync(update.Entry, update.Etag, read.Version.Next(), cancellationToken) && isForeign)
                    LogSecondCluster(update.Entry.SiloAddress, names.Value.ClusterId);
                break;
            case Change.Raise raise:
                await store.RaiseVersionAsync(names.Value.ClusterId, read.Version.Version, raise.To, cancellationToken);
                break;
        }
    }

    private void Store(MembershipTableData read)
    {
        lock (_lock)
        {
            _read = read;
            if (read.TryGet(Self) is not null && (_last is null || read.Version.Version >= _last.Version.Version))
                _last = read;
        }
    }

    private bool Store(MembershipEntry entry, TableVersion version)
    {
        lock (_lock)
        {
            if ((_last ?? _read) is { } before && version.Version > before.Version.Version && (_last is not null || entry.SiloAddress.Equals(Self)))
            {
                var others = before.Members.Where(member => !member.Item1.SiloAddress.Equals(entry.SiloAddress));
                var changed = Restoration.With(entry, entry.Status, entry.IAmAliveTime);
                _last = new MembershipTableData([.. others, Tuple.Create(changed, version.VersionEtag)], version);
            }
        }

        return true;
    }

    [LoggerMessage(
        EventId = 5321, Level = LogLevel.Error,
        Message = "{Store} at {Addresses} has lost the table of the cluster {Cluster}, with the entry of this node, {Silo}; "
            + "this node is not ready, and writes the table again")]
    private partial void LogLost(string store, string addresses, string cluster, SiloAddress silo);

    [LoggerMessage(EventId = 5322, Level = LogLevel.Warning, Message = "{Store} has the entry of this node, {Silo}, again; {Active} nodes are active")]
    private partial void LogRestored(string store, SiloAddress silo, int active);

    [LoggerMessage(
        EventId = 5323, Level = LogLevel.Error,
        Message = "The node {Silo} had started a second cluster {Cluster} in the emptied store and is declared lost; restart it to join this cluster")]
    private partial void LogSecondCluster(SiloAddress silo, string cluster);

    [LoggerMessage(
        EventId = 5324, Level = LogLevel.Information,
        Message = "{Store} has no other node of the cluster {Cluster}; this node waits {Settling} for nodes whose entries were lost")]
    private partial void LogFirst(string store, string cluster, TimeSpan settling);
}
