using Orleans.Configuration;
using Orleans.Runtime;
using Microsoft.Extensions.Options;

namespace Wharf.Server.Cluster.Members;

/// <summary>Logs each node that joins or leaves the cluster. The start report lists the members at the start.</summary>
internal sealed partial class MemberLog(
    IClusterMembershipService membership, ILocalSiloDetails local, IOptions<ClusterOptions> names, ILogger<MemberLog> logger) : BackgroundService
{
    private readonly Dictionary<SiloAddress, SiloStatus> _known = [];
    private bool _isMember;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            Follow(snapshot);
    }

    private void Follow(ClusterMembershipSnapshot snapshot)
    {
        // The members of the first snapshot with this node joined before it.
        var wasMember = _isMember;
        _isMember |= snapshot.Members.TryGetValue(local.SiloAddress, out var self) && self.Status == SiloStatus.Active;
        var active = snapshot.Members.Values.Count(static member => member.Status == SiloStatus.Active);
        foreach (var member in snapshot.Members.Values)
        {
            var before = _known.GetValueOrDefault(member.SiloAddress);
            _known[member.SiloAddress] = member.Status;
            if (!wasMember || before == member.Status || member.SiloAddress.Equals(local.SiloAddress))
                continue;
            if (member.Status == SiloStatus.Active)
                LogJoined(member.SiloAddress, names.Value.ClusterId, active);
            else if (member.Status == SiloStatus.Dead && before is SiloStatus.ShuttingDown or SiloStatus.Stopping)
                LogLeft(member.SiloAddress, names.Value.ClusterId, active);
            else if (member.Status == SiloStatus.Dead && before == SiloStatus.Active)
                LogLost(member.SiloAddress, names.Value.ClusterId, active);
        }

        foreach (var gone in _known.Keys.Where(silo => !snapshot.Members.ContainsKey(silo)).ToArray())
            _known.Remove(gone);
    }

    [LoggerMessage(EventId = 5121, Level = LogLevel.Information, Message = "The node {Silo} has joined the cluster {Cluster}; {Active} nodes are active")]
    private partial void LogJoined(SiloAddress silo, string cluster, int active);

    [LoggerMessage(EventId = 5122, Level = LogLevel.Information, Message = "The node {Silo} has left the cluster {Cluster}; {Active} nodes are active")]
    private partial void LogLeft(SiloAddress silo, string cluster, int active);

    [LoggerMessage(EventId = 5123, Level = LogLevel.Warning, Message = "The node {Silo} of the cluster {Cluster} is lost; {Active} nodes are active")]
    private partial void LogLost(SiloAddress silo, string cluster, int active);
}
