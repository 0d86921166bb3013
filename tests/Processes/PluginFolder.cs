namespace Wharf.Processes;

/// <summary>A folder of plugins for a server, made of what the checkout has built.</summary>
public static class PluginFolder
{
    /// <summary>Makes a folder with one plugin in it.</summary>
    /// <param name="name">The plugin, which is its assembly's name.</param>
    /// <param name="project">Its project's folder in the checkout.</param>
    /// <returns>The folder, to be deleted by the caller.</returns>
    public static DirectoryInfo Make(string name, string project)
    {
        var folder = Directory.CreateTempSubdirectory("wharf-plugins-");
        var plugin = folder.CreateSubdirectory(name);
        var built = new DirectoryInfo(Path.Combine(Checkout.Root, project, "bin", Checkout.Configuration, "net10.0"));
        foreach (var file in built.EnumerateFiles())
            file.CopyTo(Path.Combine(plugin.FullName, file.Name));
        return folder;
    }
}
