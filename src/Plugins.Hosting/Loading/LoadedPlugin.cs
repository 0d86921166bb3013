using Microsoft.Extensions.DependencyInjection;

namespace Wharf.Plugins.Hosting;

/// <summary>A loaded plugin with its registered object types and services.</summary>
public sealed class LoadedPlugin
{
    internal LoadedPlugin(string name, string version, string apiVersion, string file, IReadOnlyList<ObjectType> types, IServiceCollection services)
    {
        Name = name;
        Version = version;
        ApiVersion = apiVersion;
        File = file;
        Types = types;
        Services = services;
    }

    /// <summary>The name of the plugin's folder.</summary>
    public string Name { get; }

    /// <summary>The version of the main assembly.</summary>
    public string Version { get; }

    /// <summary>The version of the plugin API that it was built for.</summary>
    public string ApiVersion { get; }

    /// <summary>The path of the main assembly; empty for a plugin that is part of the server.</summary>
    public string File { get; }

    /// <summary>The registered object types, in order.</summary>
    public IReadOnlyList<ObjectType> Types { get; }

    internal IServiceCollection Services { get; }
}
