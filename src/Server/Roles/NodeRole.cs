namespace Wharf.Server.Roles;

/// <summary>The role of a node in the cluster.</summary>
internal enum NodeRole
{
    /// <summary>A silo and a gateway.</summary>
    All,

    /// <summary>A silo without a gateway.</summary>
    Silo,

    /// <summary>A gateway without a silo.</summary>
    Gateway,
}
