namespace Wharf.Plugins;

/// <summary>
/// Marks an assembly as a plugin and names its registration class:
/// <c>[assembly: Plugin(typeof(MyRegistration), PluginApi.Version)]</c>.
/// </summary>
/// <param name="registration">A class that implements <see cref="IPluginRegistration"/> and has a constructor without parameters.</param>
/// <param name="apiVersion">The version of this API that the plugin was built for: <see cref="PluginApi.Version"/>, a constant that the compiler copies into the plugin.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class PluginAttribute(Type registration, string apiVersion) : Attribute
{
    /// <summary>The registration class.</summary>
    public Type Registration { get; } = registration;

    /// <summary>The API version that the plugin was built for, as <c>major.minor</c>.</summary>
    public string ApiVersion { get; } = apiVersion;
}

/// <summary>The plugin API.</summary>
public static class PluginApi
{
    /// <summary>The version of this API. A server runs plugins built for the same major version.</summary>
    public const string Version = "1.0";
}
