using Microsoft.Extensions.DependencyInjection;

namespace Wharf.Plugins;

/// <summary>Registers what a plugin brings. Called once, at the server's start; what it throws fails the start.</summary>
public interface IPluginRegistration
{
    /// <summary>Registers the plugin's object types and services.</summary>
    /// <param name="registry">Where to.</param>
    void RegisterInto(IPluginRegistry registry);
}

/// <summary>Takes what a plugin brings.</summary>
public interface IPluginRegistry
{
    /// <summary>Services that the plugin's objects get by <see cref="IObjectContext.Services"/>; each plugin has its own.</summary>
    IServiceCollection Services { get; }

    /// <summary>Registers an object type.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="ArgumentException">Its name or an alias is empty, reserved, or taken.</exception>
    void Register(ObjectType type);
}
