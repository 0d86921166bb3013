using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Wharf.Cli.Plugins;

/// <summary>The record of an installation, stored beside the plugin's files.</summary>
/// <param name="Package">The name of the package.</param>
/// <param name="Version">The version of the package.</param>
/// <param name="Packages">The installed dependencies, as <c>name version</c>.</param>
internal sealed record InstallationRecord(string Package, string Version, IReadOnlyList<string> Packages)
{
    public const string FileName = "wharf-plugin.json";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(InstallationRecord))]
internal sealed partial class InstallationRecordJson : JsonSerializerContext;

/// <summary>A plugin in a folder of plugins, installed or copied.</summary>
/// <param name="Name">The name of the plugin's folder.</param>
/// <param name="Version">The version; empty if no readable file contains it.</param>
/// <param name="Folder">The plugin's folder.</param>
/// <param name="Packages">The installed dependencies.</param>
internal sealed record InstalledPlugin(string Name, string Version, string Folder, IReadOnlyList<string> Packages)
{
    /// <summary>Returns the plugins of a folder; none if the folder does not exist.</summary>
    public static IReadOnlyList<InstalledPlugin> In(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateDirectories(folder).Where(static path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal).Select(Read).OfType<InstalledPlugin>()]
        : [];

    private static InstalledPlugin? Read(string folder)
    {
        var name = Path.GetFileName(folder);
        var record = Path.Combine(folder, InstallationRecord.FileName);
        if (File.Exists(record) && Record(record) is { } installed)
            return new InstalledPlugin(name, installed.Version, folder, installed.Packages);
        if (!Directory.EnumerateFiles(folder, "*.dll").Any())
            return null;
        var assembly = Path.Combine(folder, name + ".dll");
        return new InstalledPlugin(name, File.Exists(assembly) ? VersionOf(assembly) : "", folder, []);
    }

    // A plugin with unreadable files is listed without a version, so that it can be removed.
    private static InstallationRecord? Record(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), InstallationRecordJson.Default.InstallationRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string VersionOf(string assembly)
    {
        try
        {
            return AssemblyName.GetAssemblyName(assembly).Version?.ToString(3) ?? "";
        }
        catch (BadImageFormatException)
        {
            return "";
        }
    }
}
