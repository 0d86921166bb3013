using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Wharf.Gateway.Authentication;
using Wharf.Plugins.Hosting;
using Wharf.Server.Admin;
using Wharf.Server.Hosting;
using Wharf.Server.Roles;

namespace Wharf.Server.Start;

/// <summary>Writes the addresses, logins, plugins and objects of the server after its start.</summary>
internal sealed class StartReport(
    NodeRole role, LoginHandlers logins, IServer server, ClusterReport cluster, TextWriter output, ObjectTypeRegistry? plugins = null,
    ConfiguredObjects? objects = null, AdminEndpoint? admin = null) : LifecycleService
{
    public override Task StartedAsync(CancellationToken cancellationToken) => output.WriteLineAsync(Text().AsMemory(), cancellationToken);

    private string Text()
    {
        var version = typeof(StartReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"Wharf {version}");
        if (role != NodeRole.All)
            text.AppendLine(CultureInfo.InvariantCulture, $"  role       {role.ToString().ToLowerInvariant()}");
        foreach (var (name, line) in cluster.Lines())
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-9}  {line}");
        foreach (var login in role == NodeRole.Silo ? [] : logins.Names)
            text.AppendLine(CultureInfo.InvariantCulture, $"  login      {login}");
        if (logins.GeneratedKey is { } key)
            text.AppendLine(CultureInfo.InvariantCulture, $"  key        {key}   (generated for this run; set Wharf__Auth__Psk to choose one)");
        foreach (var plugin in plugins?.Plugins ?? [])
            text.AppendLine(
                CultureInfo.InvariantCulture, $"  plugin     {plugin.Name} {plugin.Version}: {string.Join(", ", plugin.Types.Select(type => type.Name))}");
        foreach (var field in objects?.Fields ?? [])
            text.AppendLine(CultureInfo.InvariantCulture, $"  object     {field.Ticket}: {field.TypeName}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  memory     {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20} MiB for objects");
        var addresses = server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => BindingAddress.Parse(address)).ToList();
        foreach (var address in addresses.Where(address => address.Port != admin?.Address.Port))
            text.AppendLine(CultureInfo.InvariantCulture, $"  listening  {address}");
        if (admin is not null)
            text.AppendLine(CultureInfo.InvariantCulture, $"  admin      {admin.Address}");
        return text.Append(CultureInfo.InvariantCulture, $"  serving on port {addresses[0].Port}").ToString();
    }
}

/// <summary>Adds the report to the server.</summary>
internal static class StartReportHosting
{
    /// <summary>Adds the report. It is not logged, because it contains the generated key.</summary>
    public static void AddStartReport(this WebApplicationBuilder builder, NodeRole role, TextWriter output)
    {
        builder.Services.AddSingleton(static services => ActivatorUtilities.CreateInstance<ClusterReport>(services));
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<StartReport>(services, role, output));
    }
}
