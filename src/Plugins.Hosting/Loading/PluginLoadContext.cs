using System.Reflection;
using System.Runtime.Loader;

namespace Wharf.Plugins.Hosting;

/// <summary>
/// The load context of a plugin. The assemblies of the plugin API and of .NET are the server's, so that both use the same types. All other assemblies are loaded from the
/// plugin's folder only, so that two plugins can use different versions of a library.
/// </summary>
internal sealed class PluginLoadContext(string plugin, string mainAssembly) : AssemblyLoadContext(plugin)
{
    private static readonly HashSet<string> ApiSurface = Closure(typeof(PluginApi).Assembly);
    private static readonly HashSet<string> Framework = FrameworkAssemblies();

    private readonly AssemblyDependencyResolver _resolver = new(mainAssembly);

    /// <summary>Whether all plugins use the server's copy of an assembly.</summary>
    public static bool IsShared(string name) =>
        ApiSurface.Contains(name)
        || (name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && name.EndsWith(".Abstractions", StringComparison.Ordinal));

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name ?? "";
        if (IsShared(name) && TryLoadShared(assemblyName) is { } shared)
            return shared;
        if (_resolver.ResolveAssemblyToPath(assemblyName) is { } path)
            return LoadFromAssemblyPath(path);

        // The runtime finds satellite assemblies next to their assembly. The plugin does not use those of the server.
        if (!string.IsNullOrEmpty(assemblyName.CultureName))
            return null;
        if (Framework.Contains(name))
            return Default.LoadFromAssemblyName(assemblyName);

        // After null, the runtime would probe the default context and find the server's private copy.
        throw new FileNotFoundException($"{assemblyName.Name} {assemblyName.Version} is not in the plugin's folder", assemblyName.Name);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    /// <summary>Returns the server's assembly; null if the server has none of that name, so that the plugin uses its own.</summary>
    private static Assembly? TryLoadShared(AssemblyName wanted)
    {
        Assembly shared;
        try
        {
            shared = Default.LoadFromAssemblyName(new AssemblyName(wanted.Name!));
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        Version? has = shared.GetName().Version;
        return wanted.Version is null || has >= wanted.Version
            ? shared
            : throw new FileLoadException($"it needs {wanted.Name} {wanted.Version}, but this server has {has}", wanted.Name);
    }

    /// <summary>Returns the names of an assembly and of its direct and indirect references, without those of .NET.</summary>
    private static HashSet<string> Closure(Assembly root)
    {
        HashSet<string> names = [root.GetName().Name!];
        Queue<Assembly> open = new([root]);
        while (open.TryDequeue(out Assembly? assembly))
        {
            foreach (AssemblyName reference in assembly.GetReferencedAssemblies())
            {
                if (!HasFrameworkName(reference.Name!) && names.Add(reference.Name!))
                    open.Enqueue(Default.LoadFromAssemblyName(reference));
            }
        }

        return names;
    }

    /// <summary>Returns the names of the assemblies of .NET. They are distinguished from the server's by their folder or, if all are in one folder, by their names.</summary>
    private static HashSet<string> FrameworkAssemblies()
    {
        string trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        string application = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? application;
        bool inOneFolder = string.Equals(runtime, application, StringComparison.Ordinal);
        return trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => inOneFolder ? HasFrameworkName(Path.GetFileNameWithoutExtension(path)) : !string.Equals(Path.GetDirectoryName(path), application, StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static bool HasFrameworkName(string name) =>
        name is "System" or "netstandard" or "mscorlib" or "WindowsBase" or "Microsoft.CSharp"
        || name.StartsWith("System.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.VisualBasic", StringComparison.Ordinal);
}
