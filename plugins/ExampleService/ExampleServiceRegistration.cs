using Wharf.Plugins;
using Wharf.Plugins.ExampleService;

[assembly: Plugin(typeof(ExampleServiceRegistration), PluginApi.Version)]

namespace Wharf.Plugins.ExampleService;

/// <summary>Registers the type <c>ExampleService</c>.</summary>
public sealed class ExampleServiceRegistration : IPluginRegistration
{
    /// <inheritdoc/>
    public void RegisterInto(IPluginRegistry registry) => registry.Register(new ExampleServiceType());
}
