using Wharf.Plugins;
using Wharf.Plugins.Pusher;

[assembly: Plugin(typeof(PusherRegistration), PluginApi.Version)]

namespace Wharf.Plugins.Pusher;

/// <summary>Brings the type <c>Pusher</c>.</summary>
public sealed class PusherRegistration : IPluginRegistration
{
    /// <inheritdoc/>
    public void RegisterInto(IPluginRegistry registry) => registry.Register(new PusherType());
}
