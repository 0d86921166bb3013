using Wharf.Plugins.Fixtures;

namespace Wharf.Plugins.Tests.Loading;

/// <summary>A plugins folder of a test, with copies of shipped plugins and of fixtures.</summary>
internal sealed class PluginFolder : IDisposable
{
    private static readonly string Built = System.IO.Path.Combine(AppContext.BaseDirectory, "plugins");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wharf-plugins-");

    public PluginFolder(params string[] plugins)
    {
        foreach (string plugin in plugins)
            Add(plugin, plugin);
    }

    public string Path => _folder.FullName;

    public string File(string plugin, string file) => System.IO.Path.Combine(Path, plugin, file);

    public void Add(string plugin, string under)
    {
        string source = System.IO.Path.Combine(Built, plugin), target = _folder.CreateSubdirectory(under).FullName;
        if (FixtureCompiler.Has(plugin))
        {
            FixtureCompiler.Write(plugin, target);
            return;
        }

        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            System.IO.File.Copy(file, copy);
        }
    }

    /// <summary>The files stay when the system holds them mapped; the temporary folder is cleaned by others.</summary>
    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
        {
        }
    }
}
