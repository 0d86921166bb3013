using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Completion;
using Wharf.Cli.Connection;
using Wharf.Plugins.Hosting;

namespace Wharf.Cli.Plugins;

/// <summary><c>wharf plugin</c>: manages the plugins of this machine. A server loads changed plugins when it is restarted.</summary>
internal static class PluginCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var option = new Option<string?>("--folder", "-f")
        {
            Description = "The folder with one folder per plugin. Default: WHARF_PLUGINS, or the user's plugin folder, which every server of this user reads.", HelpName = "folder", Recursive = true,
        };
        string Folder(ParseResult result) => result.GetValue(option) ?? terminal.Variable("WHARF_PLUGINS") ?? PluginsOptions.DefaultUserFolder();
        var command = new Command("plugin", "Install, list, check and remove plugins of this machine.") { option };
        command.Subcommands.Add(InstallCommand(terminal, connection, Folder));
        command.Subcommands.Add(ListCommand(terminal, connection, Folder));
        command.Subcommands.Add(RemoveCommand(terminal, connection, Folder));
        command.Subcommands.Add(CheckCommand(terminal, connection));
        return command;
    }

    private static Command InstallCommand(Terminal terminal, ServerConnection connection, Func<ParseResult, string> folder)
    {
        var package = new Argument<string>("package") { Description = "A package file (.nupkg), or the name of a package in the package sources of NuGet's configuration." };
        var version = new Option<string?>("--version", "-v") { Description = "The version. Default: the latest stable version.", HelpName = "version" };
        var sources = new Option<string[]>("--source") { Description = "An additional package source: an address or a folder.", HelpName = "source" };
        var configuration = new Option<string?>("--configfile") { Description = "NuGet's configuration file, instead of the default ones of the current folder.", HelpName = "file" };
        configuration.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string?>() is { } file && !File.Exists(file))
                result.AddError($"there is no file {file}");
        });
        var maxSize = new Option<int>("--max-size")
        {
            Description = "The maximum size of a package, as a file and unpacked, in MiB.", HelpName = "MiB", DefaultValueFactory = static _ => PackageLimits.DefaultMebibytes,
        };
        maxSize.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--max-size must be at least 1");
        });
        var command = new Command("install", "Install the package of a plugin with its dependencies to the plugin's folder, and replace an older version.") { package, version, sources, configuration, maxSize };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var feeds = new PackageFeeds(result.GetValue(sources) ?? [], result.GetValue(configuration));
            var installer = new PluginInstaller(feeds, new PackageLimits(result.GetValue(maxSize)), terminal);
            var installed = await installer.InstallAsync(result.GetValue(package)!, result.GetValue(version), folder(result), cancellationToken);
            if (result.GetValue(connection.Json))
                terminal.WriteJson(PluginCheck.Describe(installed));
            else
                PluginCheck.Write(terminal, installed);
            terminal.Note($"Installed in {Path.Combine(folder(result), installed.Name)}. Restart the server to load it.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command ListCommand(Terminal terminal, ServerConnection connection, Func<ParseResult, string> folder)
    {
        var command = new Command("list", "List the plugins in the folder.");
        command.SetAction(result =>
        {
            var plugins = InstalledPlugin.In(folder(result));
            if (result.GetValue(connection.Json))
                terminal.WriteJson(new JsonArray([.. plugins.Select(static plugin => (JsonNode)new JsonObject { ["name"] = plugin.Name, ["version"] = plugin.Version, ["packages"] = new JsonArray([.. plugin.Packages.Select(static package => (JsonNode)package)]) })]));
            else
                terminal.WriteTable(["Plugin", "Version", "With"], plugins.Select(static plugin => (IReadOnlyList<string>)[plugin.Name, plugin.Version, string.Join(", ", plugin.Packages)]));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command RemoveCommand(Terminal terminal, ServerConnection connection, Func<ParseResult, string> folder)
    {
        var name = new Argument<string>("name") { Description = "The name of the plugin, as listed by wharf plugin list." };
        name.CompleteNames(context => InstalledPlugin.In(folder(context.ParseResult)).Select(static plugin => plugin.Name));
        var command = new Command("remove", "Delete the folder of a plugin.") { name };
        command.SetAction(result =>
        {
            var plugin = InstalledPlugin.In(folder(result)).FirstOrDefault(plugin => plugin.Name == result.GetValue(name))
                ?? throw new CommandException($"there is no plugin '{result.GetValue(name)}' in {folder(result)}", ExitCodes.NotFound, "wharf plugin list lists the plugins");
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
        var path = new Argument<string>("folder") { Description = "The folder of the plugin." };
        var command = new Command("check", "Load a plugin as a server does, and write its object types or the reason why it cannot be loaded.") { path };
        command.SetAction(async (result, cancellationToken) =>
        {
            var plugin = PluginCheck.Load(result.GetValue(path)!);
            var warnings = await PluginTrial.RunAsync(plugin, cancellationToken);
            if (result.GetValue(connection.Json))
                terminal.WriteJson(PluginCheck.Describe(plugin, warnings));
            else
                PluginCheck.Write(terminal, plugin);
            foreach (var warning in warnings)
                terminal.Note($"warning: {warning}");
            return ExitCodes.Success;
        });
        return command;
    }
}
