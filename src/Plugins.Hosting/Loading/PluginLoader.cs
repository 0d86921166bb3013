using System.Reflection;
using Microsoft.Extensions.Logging;
using Wharf.Protocol;

namespace Wharf.Plugins.Hosting;

/// <summary>Loads the plugins of a folder. The first plugin that cannot be loaded fails the operation, unless such plugins are skipped.</summary>
/// <param name="logger">The logger for warnings.</param>
public sealed partial class PluginLoader(ILogger<PluginLoader> logger)
{
    /// <summary>The plugin name in a failure that concerns no single plugin.</summary>
    internal const string NoPlugin = "*";

    private readonly TypeNames _names = new();
    private readonly List<LoadedPlugin> _plugins = [];

    /// <summary>The plugins loaded so far, in order.</summary>
    public IReadOnlyList<LoadedPlugin> Plugins => _plugins;

    /// <summary>Whether all plugins use the server's copy of an assembly, so that a plugin's own copy is ignored.</summary>
    /// <param name="assembly">The assembly's name.</param>
    /// <returns>True if they do.</returns>
    public static bool IsShared(string assembly) => PluginLoadContext.IsShared(assembly);

    /// <summary>Loads the plugin in each folder of a folder, in the order of their names.</summary>
    /// <param name="folder">The folder with one folder per plugin; names that begin with a dot are ignored.</param>
    /// <param name="skipBroken">Whether a plugin that cannot be loaded is skipped with a warning.</param>
    /// <returns>The plugins of this folder.</returns>
    /// <exception cref="PluginLoadException">A plugin cannot be loaded.</exception>
    public IReadOnlyList<LoadedPlugin> LoadAll(string folder, bool skipBroken = false)
    {
        if (!Directory.Exists(folder))
            throw new PluginLoadException(NoPlugin, folder, $"the folder does not exist (setting {PluginsOptions.Section}:{nameof(PluginsOptions.Folder)})");
        return [.. Directory.EnumerateDirectories(folder)
            .Where(path => !Path.GetFileName(path).StartsWith('.'))
            .Order(StringComparer.Ordinal)
            .Select(path => skipBroken ? TryLoadFolder(path) : LoadFolder(path))
            .OfType<LoadedPlugin>()];
    }

    /// <summary>Logs that the server starts without a plugin.</summary>
    internal static void LogSkipped(ILogger logger, PluginLoadException broken) => LogSkipped(logger, broken.Plugin, broken.File, broken.Reason);

    /// <summary>Adds a plugin that is part of the server.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="registration">Registers its object types and services.</param>
    /// <returns>The plugin.</returns>
    /// <exception cref="PluginLoadException">It cannot be registered.</exception>
    public LoadedPlugin Load(string name, IPluginRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return Register(name, VersionOf(registration.GetType().Assembly), PluginApi.Version, "", registration);
    }

    /// <summary>Loads one plugin.</summary>
    /// <param name="folder">The plugin's own folder, as a full path.</param>
    /// <returns>The plugin.</returns>
    /// <exception cref="PluginLoadException">It cannot be loaded.</exception>
    public LoadedPlugin LoadFolder(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(folder);
        string name = Path.GetFileName(folder);
        string file = folder;
        try
        {
            PluginManifest manifest = FindManifest(name, folder);
            file = manifest.File;
            CheckApiVersion(name, manifest);
            PluginLoadContext context = new(name, manifest.File);
            Assembly assembly = context.LoadFromAssemblyPath(manifest.File);
            foreach (AssemblyName reference in assembly.GetReferencedAssemblies())
                context.LoadFromAssemblyName(reference); // reports a missing assembly now, not at the first message
            assembly.GetTypes();

            PluginAttribute plugin = assembly.GetCustomAttribute<PluginAttribute>()!;
            if (!typeof(IPluginRegistration).IsAssignableFrom(plugin.Registration) || plugin.Registration.GetConstructor(Type.EmptyTypes) is null)
                throw new PluginLoadException(name, manifest.File, $"{plugin.Registration} is not an {nameof(IPluginRegistration)} with a public constructor without parameters");
            IPluginRegistration registration = (IPluginRegistration)Activator.CreateInstance(plugin.Registration)!;
            return Register(name, VersionOf(assembly), manifest.ApiVersion, manifest.File, registration);
        }
        catch (Exception broken) when (broken is not PluginLoadException)
        {
            throw new PluginLoadException(name, file, $"it cannot be loaded: {Reason(broken)}", broken);
        }
    }

    private LoadedPlugin? TryLoadFolder(string folder)
    {
        try
        {
            return LoadFolder(folder);
        }
        catch (PluginLoadException broken)
        {
            LogSkipped(logger, broken);
            return null;
        }
    }

    private static PluginManifest FindManifest(string name, string folder)
    {
        string byName = Path.Combine(folder, name + ".dll");
        if (File.Exists(byName) && PluginManifest.TryRead(byName) is { } main)
            return main;

        PluginManifest[] candidates = [.. Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal).Select(PluginManifest.TryRead).OfType<PluginManifest>()];
        return candidates switch
        {
            [var only] => only,
            [] when File.Exists(byName) && !PluginManifest.IsAssembly(byName) => throw new PluginLoadException(name, byName, "the file is damaged or no .NET assembly"),
            [] => throw new PluginLoadException(name, folder, "no assembly in the folder has [assembly: Plugin(...)]"),
            _ => throw new PluginLoadException(
                name,
                folder,
                $"several assemblies have [assembly: Plugin(...)] ({string.Join(", ", candidates.Select(candidate => Path.GetFileName(candidate.File)))}) and none is named {name}.dll"),
        };
    }

    private void CheckApiVersion(string name, PluginManifest manifest)
    {
        Version offered = Version.Parse(PluginApi.Version);
        if (!Version.TryParse(manifest.ApiVersion, out Version? wanted))
            throw new PluginLoadException(name, manifest.File, $"its plugin API version '{manifest.ApiVersion}' is not of the form major.minor");
        if (wanted.Major != offered.Major)
            throw new PluginLoadException(name, manifest.File, $"it was built for plugin API {wanted}, but this server has {offered}");
        if (wanted > offered)
            LogNewerApi(name, wanted, offered);
    }

    private LoadedPlugin Register(string name, string version, string apiVersion, string file, IPluginRegistration registration)
    {
        if (NameRules.FindProblem(name, "plugin name") is { } problem)
            throw new PluginLoadException(NoPlugin, file, problem);
        PluginRegistry registry = new(name, _names);
        try
        {
            registration.RegisterInto(registry);
        }
        catch (Exception failed)
        {
            registry.Abandon();
            throw new PluginLoadException(name, file, $"its registration failed: {Reason(failed)}", failed);
        }

        registry.Close();
        if (registry.Types.Count == 0)
            LogNothing(name);
        LoadedPlugin plugin = new(name, version, apiVersion, file, registry.Types, registry.Services);
        _plugins.Add(plugin);
        return plugin;
    }

    private static string VersionOf(Assembly assembly)
    {
        string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "";
        return version.Split('+')[0]; // without the source revision
    }

    private static string Reason(Exception exception) => exception switch
    {
        TargetInvocationException or TypeInitializationException when ExceptionText.Unwrap(exception) is var inner && inner != exception => Reason(inner),
        ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } => Reason(first),
        FileNotFoundException { FileName: { } missing, InnerException: { } inner } => $"{missing}: {Reason(inner)}",
        FileLoadException { InnerException: { } inner } => Reason(inner),
        _ => ExceptionText.ForClient(exception),
    };

    [LoggerMessage(EventId = 3030, Level = LogLevel.Warning, Message = "Plugin {Plugin} was built for plugin API {Wanted}, newer than this server's {Offered}; calls of newer members will fail")]
    private partial void LogNewerApi(string plugin, Version wanted, Version offered);

    [LoggerMessage(EventId = 3032, Level = LogLevel.Warning, Message = "Skipped plugin {Plugin} ({File}); its object types are not available: {Reason}")]
    private static partial void LogSkipped(ILogger logger, string plugin, string file, string reason);

    [LoggerMessage(EventId = 3031, Level = LogLevel.Warning, Message = "Plugin {Plugin} registered no object type")]
    private partial void LogNothing(string plugin);
}
