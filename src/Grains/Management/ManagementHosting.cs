using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Management;

/// <summary>Adds the object type through which sessions manage the named objects.</summary>
public static class ManagementHosting
{
    /// <summary>The name of the type.</summary>
    public const string TypeName = "Wharf.Objects";

    /// <summary>The name of the object that every server has unless its configuration removes it.</summary>
    public const string ObjectName = "objects";

    /// <summary>Adds the object type to the plugins of the node.</summary>
    /// <param name="silo">The silo.</param>
    /// <returns>The silo.</returns>
    public static ISiloBuilder AddWharfManagement(this ISiloBuilder silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddOptions<ManagementOptions>().BindConfiguration(ManagementOptions.Section).ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<ManagementOptions>, ManagementOptionsValidator>();
        silo.Services.AddBuiltInPlugin("Wharf", new Registration());
        return silo;
    }

    private sealed class Registration : IPluginRegistration
    {
        public void RegisterInto(IPluginRegistry registry) => registry.Register(new ManagerType());
    }
}
