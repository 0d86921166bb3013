using Microsoft.Extensions.DependencyInjection;

namespace Wharf.Plugins;

/// <summary>Registers the object types and services of a plugin. Called once, when the server starts; an exception fails the start.</summary>
public interface IPluginRegistration
{
    /// <summary>Registers the plugin's object types and services.</summary>
    /// <param name="registry">The registry.</param>
    void RegisterInto(IPluginRegistry registry);
}

/// <summary>The registry of a plugin's object types and services.</summary>
public interface IPluginRegistry
{
    /// <summary>The services that the plugin's objects resolve from <see cref="IObjectContext.Services"/>. Each plugin has its own collection.</summary>
    IServiceCollection Services { get; }

    /// <summary>Registers an object type.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="ArgumentException">Its name or an alias is empty, reserved, or taken.</exception>
    void Register(ObjectType type);
}
