using Microsoft.Extensions.Options;
using Orleans.Dashboard;
using Wharf.Server.Health;
using Wharf.Server.Roles;

namespace Wharf.Server.Admin;

/// <summary>
/// A second port, for whoever runs the server: Orleans' dashboard, and the pages that say how the server is. The dashboard measures every grain call, so there is none
/// of it unless the port is set.
/// </summary>
internal static class AdminHosting
{
    /// <summary>Adds the port and what it serves, if one is set. Comes after the gateway, whose port is the first.</summary>
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
        // The log stays where its operator sends it.
        builder.ConfigureOrleans(
            role,
            static silo => silo.AddDashboard(static dashboard => dashboard.HideTrace = true),
            static client => client.AddDashboard(static dashboard => dashboard.HideTrace = true));
    }

    /// <summary>Takes what comes in by the admin port out of the pipeline, before anything else sees it. Neither port serves anything of the other's.</summary>
    public static void UseAdmin(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<AdminOptions>>().Value.Port is null)
            return;
        app.MapWhen(AdminConnection.Carries, static admin =>
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
