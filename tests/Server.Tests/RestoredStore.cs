using System.Net;
using Orleans;
using Orleans.Runtime;
using Wharf.Server.Cluster.Store;

namespace Wharf.Server.Tests;

/// <summary>The changes by which nodes restore a lost membership table.</summary>
public sealed class RestoredStore
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static readonly SiloAddress A = Silo(1), B = Silo(2), C = Silo(3), D = Silo(4);

    [Fact]
    public void A_table_with_the_entry_of_this_node_at_the_same_or_a_later_version_is_left_alone()
    {
        var last = Table(5, (A, SiloStatus.Active), (B, SiloStatus.Active));
        Assert.Null(Restoration.Next(last, last, A, Now));
        Assert.Null(Restoration.Next(last, Table(6, (A, SiloStatus.Active), (B, SiloStatus.Dead), (C, SiloStatus.Active)), A, Now));
    }

    [Fact]
    public void A_node_that_has_left_does_not_write_itself_again()
    {
        Assert.Null(Restoration.Next(Table(5, (A, SiloStatus.Dead), (B, SiloStatus.Active)), Table(0), A, Now));
        Assert.Null(Restoration.Next(Table(5, (B, SiloStatus.Active)), Table(0), A, Now));
    }

    [Fact]
    public void An_emptied_table_is_written_whole_and_its_version_is_raised_last()
    {
        var last = Table(9, (A, SiloStatus.Active), (B, SiloStatus.Active), (D, SiloStatus.Dead));
        var store = new Store();
        var versions = store.Run(last, A);
        Assert.Equal([1, 2, 3, 10], versions);
        Assert.Equal([(A, SiloStatus.Active), (B, SiloStatus.Active), (D, SiloStatus.Dead)], store.Statuses);
        Assert.Equal(Now, store.Read().TryGet(B)!.Item1.IAmAliveTime);
        Assert.NotEqual(Now, store.Read().TryGet(D)!.Item1.IAmAliveTime);
    }

    [Fact]
    public void Nodes_that_know_different_versions_end_at_the_highest()
    {
        var store = new Store();
        store.Run(Table(9, (A, SiloStatus.Active), (B, SiloStatus.Active)), A);
        store.Run(Table(12, (A, SiloStatus.Active), (B, SiloStatus.Active), (C, SiloStatus.Dead)), B);
        Assert.Equal(13, store.Read().Version.Version);
        Assert.Equal([(A, SiloStatus.Active), (B, SiloStatus.Active), (C, SiloStatus.Dead)], store.Statuses);
    }

    [Fact]
    public void A_second_cluster_ends_and_a_node_that_still_joins_does_not()
    {
        var store = new Store((C, SiloStatus.Active), (D, SiloStatus.Joining));
        store.Run(Table(9, (A, SiloStatus.Active), (B, SiloStatus.Active)), A);
        Assert.Equal([(A, SiloStatus.Active), (B, SiloStatus.Active), (C, SiloStatus.Dead), (D, SiloStatus.Joining)], store.Statuses);
    }

    [Fact]
    public void A_second_cluster_ends_although_it_has_a_later_version()
    {
        var store = new Store((C, SiloStatus.Active)) { Version = 20 };
        store.Run(Table(2, (A, SiloStatus.Active)), A);
        Assert.Equal([(A, SiloStatus.Active), (C, SiloStatus.Dead)], store.Statuses);
    }

    [Fact]
    public void A_single_entry_that_is_gone_is_written_and_new_members_stay()
    {
        var store = new Store((B, SiloStatus.Active), (C, SiloStatus.Active)) { Version = 7 };
        store.Run(Table(5, (A, SiloStatus.Active), (B, SiloStatus.Active), (D, SiloStatus.Dead)), A);
        Assert.Equal([(A, SiloStatus.Active), (B, SiloStatus.Active), (C, SiloStatus.Active)], store.Statuses);
        Assert.Equal(8, store.Read().Version.Version);
    }

    [Fact]
    public void A_store_with_an_older_table_gets_the_current_one()
    {
        var store = new Store((A, SiloStatus.Joining), (B, SiloStatus.Active), (D, SiloStatus.Active)) { Version = 3 };
        store.Run(Table(9, (A, SiloStatus.Active), (B, SiloStatus.Dead), (C, SiloStatus.Active)), A);
        Assert.Equal([(A, SiloStatus.Active), (B, SiloStatus.Dead), (C, SiloStatus.Active), (D, SiloStatus.Dead)], store.Statuses);
        Assert.Equal(10, store.Read().Version.Version);
    }

    private static SiloAddress Silo(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11110 + number), number);

    private static MembershipTableData Table(int version, params (SiloAddress Silo, SiloStatus Status)[] members) =>
        new([.. members.Select(static member => Tuple.Create(Entry(member.Silo, member.Status), "etag"))], new TableVersion(version, $"{version}"));

    private static MembershipEntry Entry(SiloAddress silo, SiloStatus status) =>
        new() { SiloAddress = silo, Status = status, HostName = "host", SiloName = "silo", StartTime = Now.AddHours(-1), IAmAliveTime = Now.AddMinutes(-1) };

    private sealed class Store(params (SiloAddress Silo, SiloStatus Status)[] members)
    {
        private readonly SortedDictionary<int, MembershipEntry> _rows = new(
            members.ToDictionary(static member => member.Silo.Generation, static member => Entry(member.Silo, member.Status)));

        public int Version { get; set; }

        public IEnumerable<(SiloAddress, SiloStatus)> Statuses => _rows.Values.Select(static row => (row.SiloAddress, row.Status));

        public MembershipTableData Read() => new([.. _rows.Values.Select(static row => Tuple.Create(row, "etag"))], new TableVersion(Version, $"{Version}"));

        public List<int> Run(MembershipTableData last, SiloAddress self)
        {
            var versions = new List<int>();
            while (Restoration.Next(last, Read(), self, Now) is { } change)
            {
                switch (change)
                {
                    case Change.Insert insert:
                        _rows.Add(insert.Entry.SiloAddress.Generation, insert.Entry);
                        Version++;
                        break;
                    case Change.Update update:
                        _rows[update.Entry.SiloAddress.Generation] = update.Entry;
                        Version++;
                        break;
                    case Change.Raise raise:
                        Version = raise.To;
                        break;
                }

                versions.Add(Version);
                Assert.True(versions.Count < 100);
            }

            return versions;
        }
    }
}
