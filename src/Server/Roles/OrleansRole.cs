namespace Wharf.Server.Roles;

/// <summary>Configures Orleans on a node of any role.</summary>
internal static class OrleansRole
{
    /// <summary>Configures the client of a gateway without a silo, or the silo of any other node.</summary>
    public static void ConfigureOrleans(this WebApplicationBuilder builder, NodeRole role, Action<ISiloBuilder> silo, Action<IClientBuilder> client)
    {
        if (role == NodeRole.Gateway)
            builder.UseOrleansClient(client);
        else
            builder.UseOrleans(silo);
    }
}
