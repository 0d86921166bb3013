using System.Runtime.InteropServices;
using NuGet.Frameworks;
using NuGet.Packaging;

namespace Wharf.Cli.Plugins;

/// <summary>Selects the files of a package that are needed at run time on this machine, and copies them to a plugin's folder.</summary>
internal static class PackageFiles
{
    /// <summary>Copies the files to one folder, in which a plugin without a dependency manifest finds its assemblies.</summary>
    public static void Copy(PackageReaderBase package, string folder)
    {
        foreach (var (entry, relative) in Choose(package))
        {
            var path = Path.GetFullPath(Path.Combine(folder, relative));
            if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new CommandException($"the package has a file with a path outside of its folder: {entry}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var source = package.GetStream(entry);
            using var target = File.Create(path);
            source.CopyTo(target);
        }
    }

    /// <summary>Maps entries of the package to paths in the folder. Files of a specific platform follow, and replace, those of all platforms.</summary>
    private static IEnumerable<(string Entry, string Path)> Choose(PackageReaderBase package)
    {
        foreach (var entry in Nearest(package.GetLibItems()))
            yield return (entry, Below(entry, 2));
        var files = package.GetFiles("runtimes").ToArray();
        foreach (var platform in Platforms())
        {
            var managed = files.Where(file => file.StartsWith($"runtimes/{platform}/lib/", StringComparison.Ordinal)).GroupBy(static file => file.Split('/')[3])
                .Select(static group => new FrameworkSpecificGroup(NuGetFramework.ParseFolder(group.Key), group));
            foreach (var entry in Nearest(managed))
                yield return (entry, Below(entry, 4));
            foreach (var entry in files.Where(file => file.StartsWith($"runtimes/{platform}/native/", StringComparison.Ordinal)))
                yield return (entry, Below(entry, 3));
        }
    }

    private static IEnumerable<string> Nearest(IEnumerable<FrameworkSpecificGroup> groups) =>
        (NuGetFrameworkUtility.GetNearest(groups, PackageFeeds.Framework)?.Items ?? []).Where(static entry => !entry.EndsWith("/_._", StringComparison.Ordinal) && !entry.EndsWith(".xml", StringComparison.OrdinalIgnoreCase));

    private static string Below(string entry, int segments) => string.Join('/', entry.Split('/')[segments..]);

    /// <summary>Returns the platforms of this machine, the most general one first.</summary>
    private static IEnumerable<string> Platforms()
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string[] systems = OperatingSystem.IsWindows() ? ["win"] : OperatingSystem.IsMacOS() ? ["unix", "osx"] : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? ["unix", "linux", "linux-musl"] : ["unix", "linux"];
        return [.. systems.SelectMany(system => new[] { system, $"{system}-{architecture}" })];
    }
}
