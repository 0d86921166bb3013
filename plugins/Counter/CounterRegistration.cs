using Wharf.Plugins;
using Wharf.Plugins.Counter;

[assembly: Plugin(typeof(CounterRegistration), PluginApi.Version)]

namespace Wharf.Plugins.Counter;

/// <summary>Registers the type <c>Counter</c>.</summary>
public sealed class CounterRegistration : IPluginRegistration
{
    /// <inheritdoc/>
    public void RegisterInto(IPluginRegistry registry) => registry.Register(new CounterType());
}
