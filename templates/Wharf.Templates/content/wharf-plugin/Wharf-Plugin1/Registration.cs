using PluginNamespace;
using Wharf.Plugins;

[assembly: Plugin(typeof(Registration), PluginApi.Version)]

namespace PluginNamespace;

/// <summary>What the plugin brings to a server.</summary>
public sealed class Registration : IPluginRegistration
{
    public void RegisterInto(IPluginRegistry registry) => registry.Register(new GreeterType());
}
