using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Wharf.Cli.Plugins;

/// <summary>What an installation has left beside the plugin's files.</summary>
/// <param name="Package">The package.</param>
/// <param name="Version">Its version.</param>
/// <param name="Packages">What was installed along, as <c>name version</c>.</param>
internal sealed record InstallationRecord(string Package, string Version, IReadOnlyList<string> Packages)
{
    public const string FileName = "wharf-plugin.json";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(InstallationRecord))]
internal sealed partial class InstallationRecordJson : JsonSerializerContext;

/// <summary>A plugin in a folder of plugins, however it came there.</summary>
/// <param name="Name">The name of its folder.</param>
/// <param name="Version">Its version; empty if no file that can be read states it.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Packages">What was installed along.</param>
internal sealed record InstalledPlugin(string Name, string Version, string Folder, IReadOnlyList<string> Packages)
{
    /// <summary>The plugins of a folder; none when there is no such folder.</summary>
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
