using Wharf.Server.Cluster.Tls;

namespace Wharf.Server.Cluster;

/// <summary>Options of the cluster of this node. Without a store, the node runs alone and keeps all state in memory. Section <c>Wharf:Cluster</c>.</summary>
public sealed class MembershipOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Wharf:Cluster";

    /// <summary>The connection string of the Redis that stores the members of the cluster and its named fields.</summary>
    public string? Redis { get; set; }

    /// <summary>The connection string of a PostgreSQL database that stores them instead. Missing tables are created.</summary>
    public string? Postgres { get; set; }

    /// <summary>The name of the cluster. Nodes with other names in the same store form other clusters.</summary>
    public string Id { get; set; } = "wharf";

    /// <summary>The port for other nodes.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>The address or host name at which other nodes reach this one. Without it, only nodes on the same machine can.</summary>
    public string? AdvertisedAddress { get; set; }

    /// <summary>Whether the network between the nodes is trusted. Without certificates their messages are neither encrypted nor authenticated.</summary>
    public bool AllowInsecure { get; set; }

    /// <summary>The certificates by which nodes authenticate each other.</summary>
    public NodeTlsOptions Tls { get; set; } = new();

    /// <summary>The port on which authenticated nodes read each other's tables; 0 for a free port. Without TLS between nodes, they use the port for clients.</summary>
    public int FlightPort { get; set; }

    /// <summary>The timeout of a probe of another node.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The number of consecutive probes that may remain unanswered.</summary>
    public int MissedProbes { get; set; } = 3;

    /// <summary>The time that the start waits for an unreachable store.</summary>
    public TimeSpan StoreWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether there is a cluster.</summary>
    public bool IsEnabled => !string.IsNullOrEmpty(Redis) || !string.IsNullOrEmpty(Postgres);

    /// <summary>Reads the settings before the services exist, because they decide which services are added.</summary>
    internal static MembershipOptions Read(IConfiguration configuration) => configuration.GetSection(Section).Get<MembershipOptions>() ?? new MembershipOptions();
}
