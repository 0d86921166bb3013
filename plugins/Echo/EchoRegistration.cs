using Wharf.Plugins;
using Wharf.Plugins.Echo;

[assembly: Plugin(typeof(EchoRegistration), PluginApi.Version)]

namespace Wharf.Plugins.Echo;

/// <summary>Registers the type <c>Echo</c>.</summary>
public sealed class EchoRegistration : IPluginRegistration
{
    /// <inheritdoc/>
    public void RegisterInto(IPluginRegistry registry) => registry.Register(new EchoType());
}
