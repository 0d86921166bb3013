using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Connection;
using Wharf.Plugins.Hosting;

namespace Wharf.Cli.Plugins;

/// <summary><c>wharf plugin</c>: the plugins of this machine. A server takes up what has changed when it starts anew.</summary>
internal static class PluginCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var folder = new Option<string>("--folder", "-f")
        {
            Description = "The folder with one folder per plugin. Default: WHARF_PLUGINS, else the user's own, which every server of this user reads.", HelpName = "folder", Recursive = true,
            DefaultValueFactory = _ => terminal.Variable("WHARF_PLUGINS") ?? PluginsOptions.DefaultUserFolder(),
        };
        var command = new Command("plugin", "Install, list, check and remove plugins in a folder of this machine.") { folder };
        command.Subcommands.Add(InstallCommand(terminal, connection, folder));
        command.Subcommands.Add(ListCommand(terminal, connection, folder));
        command.Subcommands.Add(RemoveCommand(terminal, connection, folder));
        command.Subcommands.Add(CheckCommand(terminal, connection));
        return command;
    }

    private static Command InstallCommand(Terminal terminal, ServerConnection connection, Option<string> folder)
    {
        var package = new Argument<string>("package") { Description = "A package file (.nupkg), or the name of a package in the sources that NuGet is configured with." };
        var version = new Option<string?>("--version", "-v") { Description = "The version; default: the file's, or the newest stable one.", HelpName = "version" };
        var sources = new Option<string[]>("--source") { Description = "A further package source: an address or a folder.", HelpName = "source" };
        var command = new Command("install", "Install a plugin's package and what it depends on into a folder of its own, over an older version of it.") { package, version, sources };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var feeds = new PackageFeeds(result.GetValue(sources) ?? []);
            var installer = new PluginInstaller(feeds, terminal);
            var installed = await installer.InstallAsync(result.GetValue(package)!, result.GetValue(version), result.GetValue(folder)!, cancellationToken);
            if (result.GetValue(connection.Json))
                terminal.WriteJson(PluginCheck.Describe(installed));
            else
                PluginCheck.Write(terminal, installed);
            terminal.Note($"Installed in {Path.Combine(result.GetValue(folder)!, installed.Name)}. A server takes it up when it starts.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command ListCommand(Terminal terminal, ServerConnection connection, Option<string> folder)
    {
        var command = new Command("list", "List the plugins in the folder.");
        command.SetAction(result =>
        {
            var plugins = InstalledPlugin.In(result.GetValue(folder)!);
            if (result.GetValue(connection.Json))
                terminal.WriteJson(new JsonArray([.. plugins.Select(static plugin => (JsonNode)new JsonObject { ["name"] = plugin.Name, ["version"] = plugin.Version, ["packages"] = new JsonArray([.. plugin.Packages.Select(static package => (JsonNode)package)]) })]));
            else
                terminal.WriteTable(["Plugin", "Version", "With"], plugins.Select(static plugin => (IReadOnlyList<string>)[plugin.Name, plugin.Version, string.Join(", ", plugin.Packages)]));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command RemoveCommand(Terminal terminal, ServerConnection connection, Option<string> folder)
    {
        var name = new Argument<string>("name") { Description = "The plugin, as wharf plugin list has it." };
        name.CompletionSources.Add(context => InstalledPlugin.In(context.ParseResult.GetValue(folder)!).Select(static plugin => plugin.Name));
        var command = new Command("remove", "Delete a plugin's folder.") { name };
        command.SetAction(result =>
        {
            var plugin = InstalledPlugin.In(result.GetValue(folder)!).FirstOrDefault(plugin => plugin.Name == result.GetValue(name))
                ?? throw new CommandException($"there is no plugin '{result.GetValue(name)}' in {result.GetValue(folder)}", ExitCodes.NotFound, "wharf plugin list tells which there are");
            Directory.Delete(plugin.Folder, recursive: true);
            if (result.GetValue(connection.Json))
                terminal.WriteJson(new JsonObject { ["name"] = plugin.Name });
            else
                terminal.Out.WriteLine($"removed {plugin.Name}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command CheckCommand(Terminal terminal, ServerConnection connection)
    {
        var path = new Argument<string>("folder") { Description = "The plugin's folder, as a server would load it." };
        var command = new Command("check", "Load a plugin as a server would, and tell what it registers or why it cannot be loaded.") { path };
        command.SetAction(result =>
        {
            var plugin = PluginCheck.Load(result.GetValue(path)!);
            if (result.GetValue(connection.Json))
                terminal.WriteJson(PluginCheck.Describe(plugin));
            else
                PluginCheck.Write(terminal, plugin);
            return ExitCodes.Success;
        });
        return command;
    }
}
