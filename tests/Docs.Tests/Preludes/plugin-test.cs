using Wharf.Plugins;
using Wharf.Plugins.Testing;
using Xunit;

// snippet

public sealed class Registration : IPluginRegistration
{
    public void RegisterInto(IPluginRegistry registry) => throw new NotSupportedException();
}
