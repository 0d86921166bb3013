using Microsoft.Extensions.DependencyInjection;

namespace Wharf.Plugins.Hosting;

/// <summary>The registry that a plugin registers its types with. Closed after its registration.</summary>
internal sealed class PluginRegistry(string plugin, TypeNames names) : IPluginRegistry
{
    private readonly List<ObjectType> _types = [];
    private readonly ServiceCollection _services = new();
    private bool _closed;

    public IServiceCollection Services => _services;

    public IReadOnlyList<ObjectType> Types => _types;

    public void Register(ObjectType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (_closed)
            throw new InvalidOperationException("object types can be registered only during the registration of the plugin");
        names.Claim(type, plugin);
        _types.Add(type);
    }

    public void Close() => _closed = true;

    /// <summary>Closes the registry and releases the names of its types.</summary>
    public void Abandon()
    {
        Close();
        foreach (ObjectType type in _types)
            names.Release(type);
    }
}
