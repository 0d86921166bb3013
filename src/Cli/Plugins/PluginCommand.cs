using System.CommandLine;
using System.Text.Json.Nodes;
using Wharf.Cli.Completion;
using Wharf.Cli.Connection;
using Wharf.Plugins.Hosting;

namespace Wharf.Cli.Plugins;

/// <summary><c>wharf plugin</c>: the plugins of this machine. A server takes up what has changed when it starts anew.</summary>
internal static class PluginCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var option = new Option<string?>("--folder", "-f")
        {
            Description = "The folder with one folder per plugin. Default: WHARF_PLUGINS, else the user's own, which every server of this user reads.", HelpName = "folder", Recursive = true,
        };
        string Folder(ParseResult result) => result.GetValue(option) ?? terminal.Variable("WHARF_PLUGINS") ?? PluginsOptions.DefaultUserFolder();
        var command = new Command("plugin", "Install, list, check and remove plugins in a folder of this machine.") { option };
        command.Subcommands.Add(InstallCommand(terminal, connection, Folder));
        command.Subcommands.Add(ListCommand(terminal, connection, Folder));
        command.Subcommands.Add(RemoveCommand(terminal, connection, Folder));
        command.Subcommands.Add(CheckCommand(terminal, connection));
        return command;
    }

    private static Command InstallCommand(Terminal terminal, ServerConnection connection, Func<ParseResult, string> folder)
    {
        var package = new Argument<string>("package") { Description = "A package file (.nupkg), or the name of a package in the sources that NuGet is configured with." };
        var version = new Option<string?>("--version", "-v") { Description = "The version; default: the file's, or the newest stable one.", HelpName = "version" };
        var sources = new Option<string[]>("--source") { Description = "A further package source: an address or a folder.", HelpName = "source" };
        var configuration = new Option<string?>("--configfile") { Description = "NuGet's configuration file, instead of those that count in this folder.", HelpName = "file" };
        configuration.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string?>() is { } file && !File.Exists(file))
                result.AddError($"there is no file {file}");
        });
        var maxSize = new Option<int>("--max-size")
        {
            Description = "The most that one package may take, in MiB: its file, and its files unpacked.", HelpName = "MiB", DefaultValueFactory = static _ => PackageLimits.DefaultMebibytes,
        };
        maxSize.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--max-size is 1 or more");
        });
        var command = new Command("install", "Install a plugin's package and what it depends on into a folder of its own, over an older version of it.") { package, version, sources, configuration, maxSize };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var feeds = new PackageFeeds(result.GetValue(sources) ?? [], result.GetValue(configuration));
            var installer = new PluginInstaller(feeds, new PackageLimits(result.GetValue(maxSize)), terminal);
            var installed = await installer.InstallAsync(result.GetValue(package)!, result.GetValue(version), folder(result), cancellationToken);
            if (result.GetValue(connection.Json))
                terminal.WriteJson(PluginCheck.Describe(installed));
            else
                PluginCheck.Write(terminal, installed);
            terminal.Note($"Installed in {Path.Combine(folder(result), installed.Name)}. A server takes it up when it starts.");
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
        var name = new Argument<string>("name") { Description = "The plugin, as wharf plugin list has it." };
        name.CompleteNames(context => InstalledPlugin.In(folder(context.ParseResult)).Select(static plugin => plugin.Name));
        var command = new Command("remove", "Delete a plugin's folder.") { name };
        command.SetAction(result =>
        {
            var plugin = InstalledPlugin.In(folder(result)).FirstOrDefault(plugin => plugin.Name == result.GetValue(name))
                ?? throw new CommandException($"there is no plugin '{result.GetValue(name)}' in {folder(result)}", ExitCodes.NotFound, "wharf plugin list tells which there are");
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
