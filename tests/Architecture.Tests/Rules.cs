namespace Wharf.Architecture.Tests;

/// <summary>Who may reference whom. A room that is not listed may not exist.</summary>
internal static class Rules
{
    /// <summary>The rooms that a room may name in its project file. The silo, which knows every other, is not listed.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        ["Protocol"] = [],
        ["Protocol.Grpc"] = [],
        ["Tables.Abstractions"] = [],
        ["Tables"] = ["Tables.Abstractions"],
        ["Rpc"] = ["Tables.Abstractions", "Rpc.Generator"],
        ["Rpc.Generator"] = [],
        ["Plugins.Abstractions"] = ["Tables.Abstractions", "Rpc"],
        ["Plugins.Hosting"] = ["Plugins.Abstractions", "Protocol"],
        ["Plugins.Testing"] = ["Plugins.Hosting", "Tables"],
        ["Grains.Abstractions"] = ["Tables.Abstractions"],
        ["Grains"] = ["Grains.Abstractions", "Protocol", "Plugins.Hosting", "Tables"],
        ["Gateway"] = ["Grains.Abstractions", "Protocol", "Protocol.Grpc", "Tables"],
        ["Server"] = ["Gateway", "Grains"],
        ["Client"] = ["Protocol", "Protocol.Grpc", "Tables.Abstractions", "Rpc", "Rpc.Generator"],
        ["Cli"] = ["Client", "Plugins.Hosting", "Plugins.Testing"],
    };

    /// <summary>The rooms that a plugin may name.</summary>
    public static readonly string[] AllowedForPlugins = ["Plugins.Abstractions"];

    /// <summary>What a room may not know, by the beginnings of package and assembly names.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Unknown = new Dictionary<string, string[]>
    {
        ["Protocol"] = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore", "Grpc", "Google.Protobuf"],
        ["Protocol.Grpc"] = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore"],
        ["Tables.Abstractions"] = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore", "Grpc", "Google.Protobuf", "Apache.Arrow.Flight"],
        ["Tables"] = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore", "Grpc", "Google.Protobuf", "Apache.Arrow.Flight"],
        ["Rpc"] = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore", "Grpc", "Google.Protobuf", "Apache.Arrow.Flight"],
        ["Rpc.Generator"] = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore", "Grpc", "Google.Protobuf", "Apache.Arrow"],
        ["Plugins.Abstractions"] = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore", "Grpc", "Google.Protobuf", "Apache.Arrow.Flight"],
        ["Plugins.Hosting"] = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore", "Grpc", "Google.Protobuf", "Apache.Arrow.Flight"],
        ["Plugins.Testing"] = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore", "Grpc", "Google.Protobuf", "Apache.Arrow.Flight"],
        ["Grains.Abstractions"] = ["Microsoft.AspNetCore", "Grpc", "Google.Protobuf", "Apache.Arrow.Flight"],
        ["Grains"] = ["Microsoft.AspNetCore", "Grpc", "Google.Protobuf", "Apache.Arrow.Flight"],
        ["Gateway"] = ["Microsoft.Orleans.Server", "Microsoft.Orleans.Runtime", "Orleans.Runtime"],
        ["Server"] = [],
        ["Client"] = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore"],
        ["Cli"] = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore"],
    };

    /// <summary>What no plugin may know, whatever its own packages are.</summary>
    public static readonly string[] UnknownToPlugins = ["Orleans", "Microsoft.Orleans", "Microsoft.AspNetCore"];

    /// <summary>Folder and class names that say nothing about what is inside.</summary>
    public static readonly string[] Drawers = ["Utils", "Util", "Utilities", "Common", "Helpers", "Helper", "Misc"];

    /// <summary>A room with all that it may reach through others: an assembly may use a type that a neighbour's signature shows.</summary>
    public static IReadOnlySet<string> Reachable(string room)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(Allowed[room]);
        while (open.TryDequeue(out var next))
            if (reached.Add(next))
                foreach (var further in Allowed[next])
                    open.Enqueue(further);
        return reached;
    }

    /// <summary>The references among these that a room may not have.</summary>
    public static IEnumerable<string> Refused(IEnumerable<string> references, IEnumerable<string> allowed) => references.Except(allowed, StringComparer.Ordinal);

    /// <summary>The packages or assemblies among these that a room may not know.</summary>
    public static IEnumerable<string> RefusedByPrefix(IEnumerable<string> names, IReadOnlyList<string> prefixes) =>
        names.Where(name => prefixes.Any(prefix => name == prefix || name.StartsWith(prefix + ".", StringComparison.Ordinal)));

    /// <summary>Whether a name is that of a drawer: the whole name, or its last word.</summary>
    public static bool IsDrawer(string name) => Drawers.Any(drawer => name == drawer || (name.EndsWith(drawer, StringComparison.Ordinal) && name.Length > drawer.Length));
}
