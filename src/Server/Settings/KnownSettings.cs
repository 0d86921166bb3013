using System.Reflection;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Grains.Management;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;
using Wharf.Plugins.Hosting;
using Wharf.Server.Admin;
using Wharf.Server.Cluster;
using Wharf.Server.Hosting;
using Wharf.Server.Memory;
using Wharf.Server.Roles;
using Wharf.Server.Telemetry;

namespace Wharf.Server.Settings;

/// <summary>Lists the settings of the server by reflection on its options.</summary>
internal static class KnownSettings
{
    /// <summary>The section of all settings.</summary>
    public const string Root = "Wharf";

    /// <summary>The options, by section.</summary>
    public static IReadOnlyList<(string Section, Type Options)> Sections { get; } =
    [
        (Root, typeof(EndpointOptions)),
        ("Wharf:Auth", typeof(LoginOptions)),
        ("Wharf:Auth", typeof(AccessOptions)),
        ("Wharf:Sessions", typeof(GatewaySessionOptions)),
        (SessionHosting.Section, typeof(Grains.Sessions.SessionOptions)),
        (ManagementOptions.Section, typeof(ManagementOptions)),
        (PluginsOptions.Section, typeof(PluginsOptions)),
        (StreamLimits.Section, typeof(StreamLimits)),
        ("Wharf:Gateway", typeof(GatewayOptions)),
        ("Wharf:Web", typeof(WebOptions)),
        (MembershipOptions.Section, typeof(MembershipOptions)),
        ("Wharf:Node", typeof(NodeOptions)),
        (MemoryOptions.Section, typeof(MemoryOptions)),
        (AdminOptions.Section, typeof(AdminOptions)),
        (TelemetryOptions.Section, typeof(TelemetryOptions)),
    ];

    /// <summary>All settings, in the order of their sections.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("Wharf:Role", typeof(NodeRole), NodeRole.All),
        new("Wharf:Data", typeof(string), null),
        .. Sections.SelectMany(static section => Of(section.Section, section.Options, Activator.CreateInstance(section.Options)!)),
        new($"{ConfiguredObjects.Section}:{{name}}:Type", typeof(string), null),
        new($"{ConfiguredObjects.Section}:{{name}}:Arguments:{Setting.AnyPath}", typeof(string), null),
        new($"{ConfiguredObjects.Section}:{{name}}:Description", typeof(string), null),
        new($"{ConfiguredObjects.Section}:{{name}}:Application", typeof(string), null),
        new($"{PluginsOptions.Section}:Settings:{{type}}:{Setting.AnyPath}", typeof(string), null),
    ];

    /// <summary>Finds the setting of a path.</summary>
    public static Setting? Find(ReadOnlySpan<string> path)
    {
        foreach (var setting in All)
            if (setting.Matches(path))
                return setting;
        return null;
    }

    private static IEnumerable<Setting> Of(string section, Type options, object defaults)
    {
        foreach (var property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var path = $"{section}:{property.Name}";
            var type = property.PropertyType;
            var elements = ElementOf(type, typeof(IDictionary<,>)) is { } value ? (Path: $"{path}:{{name}}", Type: value)
                : ElementOf(type, typeof(IList<>)) is { } element ? (Path: $"{path}:{Setting.Number}", Type: element)
                : default;
            if (elements.Type is { IsClass: true } nested && nested != typeof(string))
            {
                foreach (var setting in Of(elements.Path, nested, Activator.CreateInstance(nested)!))
                    yield return setting;
            }
            else if (elements.Type is { } plain)
                yield return new Setting(elements.Path, plain, null, options, property.Name);
            else if (type.IsClass && type != typeof(string))
            {
                foreach (var setting in Of(path, type, property.GetValue(defaults)!))
                    yield return setting;
            }
            else if (property.SetMethod is { IsPublic: true })
                yield return new Setting(path, type, property.GetValue(defaults), options, property.Name);
        }
    }

    private static Type? ElementOf(Type type, Type collection) =>
        type.GetInterfaces().Append(type).FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == collection)?.GetGenericArguments()[^1];
}
