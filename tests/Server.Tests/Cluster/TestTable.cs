using System.Net;
using Orleans;
using Orleans.Runtime;

namespace Wharf.Server.Tests.Cluster;

/// <summary>A membership table in memory, with versions as stores have them; it can be away.</summary>
internal sealed class TestTable : IMembershipTable
{
    private readonly Dictionary<SiloAddress, (MembershipEntry Entry, int Etag)> _rows = [];

    public TestTable(params SiloAddress[] active)
    {
        foreach (var silo in active)
            _rows[silo] = (Entry(silo), 0);
    }

    public int Version { get; private set; }

    public bool IsAway { get; set; }

    /// <summary>Called after each change.</summary>
    public Action<MembershipEntry>? Changed { get; set; }

    public static SiloAddress Silo(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11110 + number), number);

    public static MembershipEntry Entry(SiloAddress silo, SiloStatus status = SiloStatus.Active) =>
        new() { SiloAddress = silo, Status = status, HostName = "host", SiloName = "silo", SuspectTimes = [] };

    public SiloStatus StatusOf(SiloAddress silo) => _rows[silo].Entry.Status;

    public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken = default) => IsAway
        ? Task.FromException<MembershipTableData>(new TimeoutException("the store is away"))
        : Task.FromResult(new MembershipTableData([.. _rows.Values.Select(static row => Tuple.Create(row.Entry, $"{row.Etag}"))], new TableVersion(Version, $"{Version}")));

    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken = default)
    {
        if (IsAway)
            return Task.FromException<bool>(new TimeoutException("the store is away"));
        if ($"{_rows[entry.SiloAddress].Etag}" != etag || tableVersion.Version != Version + 1)
            return Task.FromResult(false);
        Version++;
        _rows[entry.SiloAddress] = (entry, Version);
        Changed?.Invoke(entry);
        return Task.FromResult(true);
    }

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion);

    public Task<MembershipTableData> ReadAll() => ReadAllAsync();

    public Task InitializeMembershipTable(bool tryInitTableVersion) => throw new NotSupportedException();

    public Task DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

    public Task<MembershipTableData> ReadRow(SiloAddress key) => throw new NotSupportedException();

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => throw new NotSupportedException();

    public Task UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();
}
