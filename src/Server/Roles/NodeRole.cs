namespace Wharf.Server.Roles;

/// <summary>What part a node has in the cluster.</summary>
internal enum NodeRole
{
    /// <summary>Objects live here, and clients are served.</summary>
    All,

    /// <summary>Objects live here; clients are served by gateways.</summary>
    Silo,

    /// <summary>Clients are served; all objects live on silos.</summary>
    Gateway,
}
