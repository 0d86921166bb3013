using Wharf.Gateway.Hosting;
using Wharf.Server.Cluster;
using Wharf.Server.Health;
using Wharf.Server.Hosting;

namespace Wharf.Server.Roles;

/// <summary>Adds the services and endpoints of a role.</summary>
internal static class RoleHosting
{
    /// <summary>Adds the silo, the gateway, or both.</summary>
    public static void AddRole(this WebApplicationBuilder builder, NodeRole role)
    {
        var settings = builder.Configuration.GetSection("Wharf");
        switch (role)
        {
            case NodeRole.All:
                builder.AddPluginRuntime(defaultClientPort: 0);
                builder.AddConfiguredObjects();
                builder.AddInitialObjects();
                builder.Services.AddWharfGateway(settings);
                builder.AddReflection();
                break;
            case NodeRole.Silo:
                builder.AddPluginRuntime(NodeOptions.DefaultClientPort);
                builder.AddConfiguredObjects();
                builder.AddInitialObjects();
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

    /// <summary>Maps the endpoints of the role.</summary>
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
