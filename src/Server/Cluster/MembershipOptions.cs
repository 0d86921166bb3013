using Wharf.Server.Cluster.Tls;

namespace Wharf.Server.Cluster;

/// <summary>The cluster that this node belongs to. Without a store there is none: the node is alone and keeps everything in memory. Section <c>Wharf:Cluster</c>.</summary>
public sealed class MembershipOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Wharf:Cluster";

    /// <summary>The connection string of the Redis that keeps the members of the cluster and its named fields.</summary>
    public string? Redis { get; set; }

    /// <summary>The connection string of a PostgreSQL database that keeps them instead. Missing tables are created.</summary>
    public string? Postgres { get; set; }

    /// <summary>The cluster's name: nodes of other names in the same store do not see each other.</summary>
    public string Id { get; set; } = "wharf";

    /// <summary>The port for other nodes.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>The address or host name under which other nodes reach this one; without it only nodes on the same machine do.</summary>
    public string? AdvertisedAddress { get; set; }

    /// <summary>Whether the network between the nodes is trusted. Without certificates their messages are neither encrypted nor authenticated.</summary>
    public bool AllowInsecure { get; set; }

    /// <summary>The certificates by which nodes prove themselves to each other.</summary>
    public NodeTlsOptions Tls { get; set; } = new();

    /// <summary>The port on which nodes that prove themselves read each other's tables; 0 lets the system choose. Without TLS between nodes the open port serves for that, too.</summary>
    public int FlightPort { get; set; }

    /// <summary>How long a node may take to answer a probe of another node.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The number of consecutive probes that may remain unanswered.</summary>
    public int MissedProbes { get; set; } = 3;

    /// <summary>How long a start waits for a store that cannot be reached.</summary>
    public TimeSpan StoreWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether there is a cluster.</summary>
    public bool IsEnabled => !string.IsNullOrEmpty(Redis) || !string.IsNullOrEmpty(Postgres);

    /// <summary>Reads the settings where they decide what the server is made of.</summary>
    internal static MembershipOptions Read(IConfiguration configuration) => configuration.GetSection(Section).Get<MembershipOptions>() ?? new MembershipOptions();
}
