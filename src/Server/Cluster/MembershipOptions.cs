using Wharf.Server.Cluster.Tls;

namespace Wharf.Server.Cluster;

/// <summary>The cluster that this node belongs to. Without a store there is none: the node is alone and keeps everything in memory. Section <c>Wharf:Cluster</c>.</summary>
public sealed class MembershipOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Wharf:Cluster";

    /// <summary>The connection string of the Redis that keeps who belongs to the cluster, and what must outlive a node.</summary>
    public string? Redis { get; set; }

    /// <summary>The connection string of the PostgreSQL that does so instead; what is missing in it is made.</summary>
    public string? Postgres { get; set; }

    /// <summary>The cluster's name: nodes of other names in the same store do not see each other.</summary>
    public string Id { get; set; } = "wharf";

    /// <summary>The port for other nodes.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>The address or host name under which other nodes reach this one; without it only nodes on the same machine do.</summary>
    public string? AdvertisedAddress { get; set; }

    /// <summary>Whether the network between the nodes may be trusted: what they say to each other is neither encrypted nor authenticated.</summary>
    public bool AllowInsecure { get; set; }

    /// <summary>How nodes prove themselves to each other, which makes the network between them nobody's business.</summary>
    public NodeTlsOptions Tls { get; set; } = new();

    /// <summary>The port on which nodes that prove themselves read each other's tables; 0 lets the system choose. Without TLS between nodes the open port serves for that, too.</summary>
    public int FlightPort { get; set; }

    /// <summary>How long a node may take to answer another's question whether it lives.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many such questions in a row may stay without an answer.</summary>
    public int MissedProbes { get; set; } = 3;

    /// <summary>Whether there is a cluster.</summary>
    public bool IsEnabled => !string.IsNullOrEmpty(Redis) || !string.IsNullOrEmpty(Postgres);

    /// <summary>Reads the settings where they decide what the server is made of.</summary>
    internal static MembershipOptions Read(IConfiguration configuration) => configuration.GetSection(Section).Get<MembershipOptions>() ?? new MembershipOptions();
}
