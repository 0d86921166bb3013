using Wharf.Server.Admin;
using Wharf.Server.Health;
using Wharf.Server.Logs;
using Wharf.Server.Memory;
using Wharf.Server.Roles;
using Wharf.Server.Settings;
using Wharf.Server.Start;
using Wharf.Server.Stop;
using Wharf.Server.Telemetry;

namespace Wharf.Server;

/// <summary>Composes the services and endpoints of a server, for the executable and for programs.</summary>
internal static class Composition
{
    /// <summary>Adds the services of a server.</summary>
    public static void AddServer(this WebApplicationBuilder builder, NodeRole role, TextWriter report)
    {
        SettingsCheck.Require(builder.Configuration);
        builder.Services.AddHostedService<UnknownSettings>();
        builder.AddEscapedConsole();
        builder.AddOrderlyStop();
        builder.AddMemory();
        builder.AddRole(role);
        builder.AddHealth();
        builder.AddAdmin(role);
        builder.AddTelemetry(role);
        builder.AddStartReport(role, report);
    }

    /// <summary>Maps the endpoints of a server.</summary>
    public static void MapServer(this WebApplication app, NodeRole role)
    {
        app.UseAdmin();
        app.MapRole(role);
        app.MapHealth();
    }
}
