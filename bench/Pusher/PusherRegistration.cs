using Wharf.Plugins;
using Wharf.Plugins.Pusher;

[assembly: Plugin(typeof(PusherRegistration), PluginApi.Version)]

namespace Wharf.Plugins.Pusher;

/// <summary>Registers the types <c>Pusher</c> and <c>Heap</c>.</summary>
public sealed class PusherRegistration : IPluginRegistration
{
    /// <inheritdoc/>
    public void RegisterInto(IPluginRegistry registry)
    {
        registry.Register(new PusherType());
        registry.Register(new HeapType());
    }
}
