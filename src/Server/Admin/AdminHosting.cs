using Microsoft.Extensions.Options;
using Orleans.Dashboard;
using Wharf.Server.Health;
using Wharf.Server.Roles;

namespace Wharf.Server.Admin;

/// <summary>
/// Adds a second port for operators: the Orleans dashboard and the health pages. The dashboard measures every grain call, so it is added only if the port is set.
/// </summary>
internal static class AdminHosting
{
    /// <summary>Adds the port and its services, if one is set. Must be called after the gateway was added, so that the port for clients is the first.</summary>
    public static void AddAdmin(this WebApplicationBuilder builder, NodeRole role)
    {
        var section = builder.Configuration.GetSection(AdminOptions.Section);
        builder.Services.AddOptions<AdminOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptionsValidator>();
        if (section.Get<AdminOptions>()?.Port is null)
            return;
        builder.Services.AddSingleton<AdminEndpoint>();
        builder.Services.AddSingleton<AdminHosts>();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ApplicationServices.GetRequiredService<AdminEndpoint>().Configure(kestrel));
        // Hides the log stream of the dashboard.
        builder.ConfigureOrleans(
            role,
            static silo => silo.AddDashboard(static dashboard => dashboard.HideTrace = true),
            static client => client.AddDashboard(static dashboard => dashboard.HideTrace = true));
    }

    /// <summary>Branches requests of the admin port off the pipeline before other middleware. Neither port serves the endpoints of the other.</summary>
    public static void UseAdmin(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<AdminOptions>>().Value.Port is null)
            return;
        app.MapWhen(AdminConnection.IsAdmin, static admin =>
        {
            admin.Use(admin.ApplicationServices.GetRequiredService<AdminHosts>().InvokeAsync);
            admin.UseRouting();
            admin.UseEndpoints(static endpoints =>
            {
                endpoints.MapHealthPages();
                endpoints.MapOrleansDashboard();
            });
        });
    }
}
