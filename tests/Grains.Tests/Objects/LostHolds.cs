using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Wharf.Grains;
using Wharf.Grains.Nodes;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;

namespace Wharf.Grains.Tests.Objects;

/// <summary>What is let go of for sessions and nodes that are lost, as far as the nodes of a cluster say which they are.</summary>
public sealed class LostHolds
{
    private readonly Members _members = new();

    [Fact]
    public async Task An_object_that_only_lost_sessions_hold_ends_and_one_that_a_living_session_holds_does_not()
    {
        await using var node = new Node();
        _members.Add(1, SiloStatus.Active, "elsewhere");
        var lost = Held(node, "export/lost/1", "export/lost/-2", "wait/lost/3");
        var kept = Held(node, "export/lost/2", "export/elsewhere/1");
        var named = Held(node, "export/lost/4", "field/scope/a", "stream/s", "call/c");

        Assert.True(await Review(node).ReviewAsync(default));

        Assert.True(lost.HasEnded);
        Assert.Equal(["export/elsewhere/1"], kept.Holders);
        Assert.Equal(["call/c", "field/scope/a", "stream/s"], named.Holders);
    }

    [Fact]
    public async Task While_a_node_does_not_say_which_sessions_it_has_none_is_taken_for_lost()
    {
        await using var node = new Node();
        _members.Add(1, SiloStatus.Active, "elsewhere");
        _members.Add(2, SiloStatus.ShuttingDown, null);
        var held = Held(node, "export/lost/1");

        Assert.False(await Review(node).ReviewAsync(default));
        Assert.False(held.HasEnded);

        _members.Add(2, SiloStatus.Dead, null);
        Assert.True(await Review(node).ReviewAsync(default));
        Assert.True(held.HasEnded);
    }

    [Fact]
    public async Task What_a_lost_node_kept_is_let_go_of_and_what_its_successor_keeps_is_not()
    {
        await using var node = new Node();
        var before = _members.Add(1, SiloStatus.Dead, null);
        var after = _members.Add(2, SiloStatus.Active, "again");
        var unknown = Members.Address(3);
        var lost = Held(node, Holder.OfNode(before, 1), Holder.OfNode(unknown, 1));
        var kept = Held(node, Holder.OfNode(before, 2), Holder.OfNode(after, 2), "export/again/1");

        Assert.True(await Review(node).ReviewAsync(default));

        Assert.True(lost.HasEnded);
        Assert.Equal(["export/again/1", Holder.OfNode(after, 2)], kept.Holders);
    }

    [Fact]
    public async Task Nobody_is_asked_when_only_the_nodes_own_sessions_hold_something()
    {
        await using var node = new Node();
        _members.IsStoreAway = true;
        var held = Held(node, "export/here/1", "field/scope/a");

        Assert.True(await Review(node, "here").ReviewAsync(default));

        Assert.Equal(["export/here/1", "field/scope/a"], held.Holders);
    }

    [Fact]
    public async Task Whoever_cannot_ask_the_store_who_belongs_to_the_cluster_lets_go_of_nothing()
    {
        await using var node = new Node();
        _members.IsStoreAway = true;
        var held = Held(node, "export/lost/1", Holder.OfNode(Members.Address(1), 1));

        await Assert.ThrowsAsync<TimeoutException>(() => Review(node).ReviewAsync(default));

        Assert.False(held.HasEnded);
    }

    [Fact]
    public async Task More_sessions_than_one_call_asks_for_are_asked_for_in_several()
    {
        await using var node = new Node();
        var sessions = Enumerable.Range(0, (2 * INodeGrain.MostSessions) + 1).Select(static n => $"s{n}").ToArray();
        _members.Add(1, SiloStatus.Active, sessions[1..]);
        var held = Held(node, [.. sessions.Select(static session => $"export/{session}/1")]);

        Assert.True(await Review(node).ReviewAsync(default));

        Assert.Equal(sessions.Length - 1, held.Holders.Count);
        Assert.DoesNotContain("export/s0/1", held.Holders);
    }

    private static LiveObject Held(Node node, params string[] holders)
    {
        var (live, hold) = node.LiveAndHold(new Probe());
        foreach (var holder in holders)
            Assert.True(live.TryHold(holder));
        hold.Release();
        return live;
    }

    private LostHolders Review(Node node, params string[] sessionsHere)
    {
        var sessions = new LocalSessions(_members, NullLogger<LocalSessions>.Instance);
        foreach (var session in sessionsHere)
            sessions.Add(session, null!);
        return node.Review(sessions, _members, _members);
    }

    /// <summary>A cluster as its store has it, and what its nodes answer.</summary>
    private sealed class Members : NoGrains, IClusterMembershipService
    {
        private readonly Dictionary<string, string[]?> _sessions = [];
        private ImmutableDictionary<SiloAddress, ClusterMember> _members = ImmutableDictionary<SiloAddress, ClusterMember>.Empty;
        private ImmutableDictionary<SiloAddress, ClusterMember> _known = ImmutableDictionary<SiloAddress, ClusterMember>.Empty;

        public bool IsStoreAway { get; set; }

        public ClusterMembershipSnapshot CurrentSnapshot => new(_known, new MembershipVersion(1));

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public static SiloAddress Address(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 20_000 + number), number);

        /// <summary>Puts a node into the store; this node hears of it when it asks.</summary>
        public SiloAddress Add(int number, SiloStatus status, params string[]? sessions)
        {
            var silo = Address(number);
            _members = _members.SetItem(silo, new ClusterMember(silo, status, $"n{number}"));
            _sessions[NodeGrains.NameOf(silo)] = sessions;
            return silo;
        }

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
        {
            if (IsStoreAway)
                throw new TimeoutException("the store is away");
            _known = _members;
            return ValueTask.CompletedTask;
        }

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();

        public override TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null) =>
            (TGrainInterface)(object)new NodeDouble(_sessions[primaryKey]);
    }

    private sealed class NodeDouble(string[]? sessions) : INodeGrain
    {
        public Task<string> GetFlightAddressAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<ImmutableArray<string>> FindSessionsAsync(ImmutableArray<string> sessionIds, CancellationToken cancellationToken = default)
        {
            Assert.InRange(sessionIds.Length, 0, INodeGrain.MostSessions);
            return sessions is null
                ? throw new FaultException(FaultCode.DataLoss, "the node is gone")
                : Task.FromResult(sessionIds.RemoveAll(id => !sessions.Contains(id)));
        }

        public Task LetGoOfTablesAsync(ImmutableArray<TableHold> holds, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<ImmutableArray<ObjectTypeDescription>> ListObjectTypesAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> HasMemberAsync(SiloAddress silo, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
