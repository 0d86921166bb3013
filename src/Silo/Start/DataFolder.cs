using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace Wharf.Silo.Start;

/// <summary>
/// The folder that an operator brings along, under <c>Wharf:Data</c>: an image has it mounted. What the server takes from there: <c>settings.json</c>, over the settings that
/// ship and under the environment, and the users of <c>users</c>, unless the settings name another file. The server writes nothing there; plugins may.
/// </summary>
internal static class DataFolder
{
    /// <summary>The setting.</summary>
    public const string Setting = "Wharf:Data";

    /// <summary>Adds what is there to the configuration.</summary>
    /// <exception cref="FormatException">There is no such folder.</exception>
    public static void AddDataFolder(this IConfigurationManager configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } folder)
            return;
        if (!Directory.Exists(folder))
            throw new FormatException($"{Setting} names a folder that is not there: {folder}");
        var users = Path.Combine(folder, "users");
        if (File.Exists(users))
            configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Wharf:Auth:UsersFile", users)] });
        var settings = new JsonConfigurationSource { Path = Path.GetFullPath(Path.Combine(folder, "settings.json")), Optional = true };
        settings.ResolveFileProvider();
        configuration.Sources.Insert(AfterWhatShips(configuration.Sources), settings);
    }

    private static int AfterWhatShips(IList<IConfigurationSource> sources)
    {
        for (var place = sources.Count; place > 0; place--)
            if (sources[place - 1] is JsonConfigurationSource)
                return place;
        return 0;
    }
}
