using System.Collections;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Grains.Management;
using Wharf.Plugins.Hosting;
using Wharf.Server.Cluster;
using Wharf.Server.Hosting;

namespace Wharf.Deploy.Tests;

/// <summary>The settings that the server has, found in its options: what is set by a name that is none would be set in vain.</summary>
internal static class KnownSettings
{
    private static readonly Dictionary<string, Type> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Auth"] = typeof(LoginOptions),
        ["Cluster"] = typeof(MembershipOptions),
        ["Gateway"] = typeof(Gateway.Hosting.GatewayOptions),
        ["Node"] = typeof(NodeOptions),
        ["Objects"] = typeof(ManagementOptions),
        ["Plugins"] = typeof(PluginsOptions),
        ["Sessions"] = typeof(GatewaySessionOptions),
    };

    /// <summary>Whether an environment variable is one that the server reads, or its runtime.</summary>
    public static bool Has(string variable)
    {
        if (variable is "START_OPTS" || variable.StartsWith("DOTNET_", StringComparison.Ordinal))
            return true;
        return variable.Split("__") is ["Wharf", .. { Length: > 0 } path] && path switch
        {
            ["Data"] or ["Role"] => true,
            ["Fields", _, "Type" or "Description" or "Application"] => true,
            [var section, .. var rest] when Sections.TryGetValue(section, out var options) => Has(options, rest),
            _ => Has(typeof(EndpointOptions), path),
        };
    }

    private static bool Has(Type type, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return type == typeof(string) || type.IsValueType;
        if (type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)))
            return Has(type.GetGenericArguments()[^1], path[1..]);
        return type.GetProperty(path[0]) is { } property && Has(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, path[1..]);
    }
}
