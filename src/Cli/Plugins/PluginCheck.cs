using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;

namespace Wharf.Cli.Plugins;

/// <summary>Loads one plugin with the plugin loader of the server.</summary>
internal static class PluginCheck
{
    /// <summary>Loads the plugin.</summary>
    /// <exception cref="PluginLoadException">The plugin cannot be loaded.</exception>
    public static LoadedPlugin Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new CommandException($"there is no folder {folder}", ExitCodes.NotFound);
        var plugin = new PluginLoader(NullLogger<PluginLoader>.Instance).LoadFolder(Path.GetFullPath(folder));
        return plugin.Types.Count > 0 ? plugin : throw new CommandException($"the plugin {plugin.Name} can be loaded, but registers no object type");
    }

    public static JsonObject Describe(LoadedPlugin plugin) => new()
    {
        ["name"] = plugin.Name,
        ["version"] = plugin.Version,
        ["api"] = plugin.ApiVersion,
        ["types"] = new JsonArray([.. plugin.Types.Select(static type => (JsonNode)new JsonObject
        {
            ["name"] = type.Name,
            ["aliases"] = new JsonArray([.. type.Aliases.Select(static alias => (JsonNode)alias)]),
            ["kind"] = KindOf(type),
            ["concurrent"] = type.IsConcurrent,
            ["class"] = type.ObjectClass.FullName,
        })]),
    };

    public static JsonObject Describe(LoadedPlugin plugin, IReadOnlyList<string> warnings)
    {
        var description = Describe(plugin);
        description["warnings"] = new JsonArray([.. warnings.Select(static warning => (JsonNode)warning)]);
        return description;
    }

    public static void Write(Terminal terminal, LoadedPlugin plugin)
    {
        terminal.Out.WriteLine($"{plugin.Name} {plugin.Version} can be loaded (plugin API {plugin.ApiVersion}). It registers:");
        foreach (var type in plugin.Types)
            terminal.Out.WriteLine($"  {type.Name}: {KindOf(type)}, {(type.IsConcurrent ? "concurrent" : "one message at a time")}, for {type.ObjectClass.FullName}{(type.Aliases.Count == 0 ? "" : $"; also {string.Join(", ", type.Aliases)}")}");
    }

    private static string KindOf(ObjectType type) => type is BidirectionalObjectType ? "bidirectional" : "fetch-only";
}
