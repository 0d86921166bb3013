namespace Wharf.Server.Roles;

/// <summary>For those who only add to Orleans, whichever it is here: a silo, or a client of silos.</summary>
internal static class OrleansRole
{
    /// <summary>Adds to it.</summary>
    public static void ConfigureOrleans(this WebApplicationBuilder builder, NodeRole role, Action<ISiloBuilder> silo, Action<IClientBuilder> client)
    {
        if (role == NodeRole.Gateway)
            builder.UseOrleansClient(client);
        else
            builder.UseOrleans(silo);
    }
}
