using Wharf.Gateway.Hosting;
using Wharf.Server.Cluster;
using Wharf.Server.Health;
using Wharf.Server.Hosting;

namespace Wharf.Server.Roles;

/// <summary>What a server is made of, by its role.</summary>
internal static class RoleHosting
{
    /// <summary>Adds a home for objects, a door for clients, or both.</summary>
    public static void AddRole(this WebApplicationBuilder builder, NodeRole role)
    {
        var settings = builder.Configuration.GetSection("Wharf");
        switch (role)
        {
            case NodeRole.All:
                builder.AddPluginRuntime(defaultClientPort: 0);
                builder.AddNamedObjects();
                builder.AddFirstObjects();
                builder.Services.AddWharfGateway(settings);
                builder.AddReflection();
                break;
            case NodeRole.Silo:
                builder.AddPluginRuntime(NodeOptions.UsualClientPort);
                builder.AddNamedObjects();
                builder.AddFirstObjects();
                builder.Services.AddWharfNodeService(settings);
                break;
            case NodeRole.Gateway:
                builder.AddClusterClient();
                builder.Services.AddWharfGatewayAlone(settings);
                builder.AddReadinessByCluster();
                builder.AddReflection();
                break;
        }

        builder.AddEndpoint();
    }

    /// <summary>Maps what the role serves.</summary>
    public static void MapRole(this WebApplication app, NodeRole role)
    {
        if (role == NodeRole.Silo)
        {
            app.UseWharfNodeService();
            app.MapWharfNodeService();
        }
        else
        {
            app.UseWharfGateway();
            app.MapWharfGateway();
            app.MapReflection();
        }
    }
}
