using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace Wharf.Silo.Start;

/// <summary>
/// The data folder of an operator, <c>Wharf:Data</c>, which a container mounts. The server reads <c>settings.json</c>, which overrides the default settings and is overridden by the
/// environment, and the file <c>users</c>, unless the settings name another file. The server does not write to the folder; plugins may.
/// </summary>
internal static class DataFolder
{
    /// <summary>The name of the setting.</summary>
    public const string Setting = "Wharf:Data";

    /// <summary>Adds the files of the folder to the configuration.</summary>
    /// <exception cref="FormatException">The folder does not exist.</exception>
    public static void AddDataFolder(this IConfigurationManager configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } folder)
            return;
        if (!Directory.Exists(folder))
            throw new FormatException($"{Setting} names a folder that does not exist: {folder}");
        var users = Path.Combine(folder, "users");
        if (File.Exists(users))
            configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Wharf:Auth:UsersFile", users)] });
        var settings = new JsonConfigurationSource { Path = Path.GetFullPath(Path.Combine(folder, "settings.json")), Optional = true };
        settings.ResolveFileProvider();
        configuration.Sources.Insert(AfterDefaults(configuration.Sources), settings);
    }

    private static int AfterDefaults(IList<IConfigurationSource> sources)
    {
        for (var place = sources.Count; place > 0; place--)
            if (sources[place - 1] is JsonConfigurationSource)
                return place;
        return 0;
    }
}
