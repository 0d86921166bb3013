using System.Text.Json;
using System.Xml;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using Wharf.Plugins.Hosting;

namespace Wharf.Cli.Plugins;

/// <summary>Installs a package with its dependencies to a plugin's folder. A plugin that a server cannot load is not installed.</summary>
internal sealed class PluginInstaller(PackageFeeds feeds, PackageLimits limits, Terminal terminal)
{
    /// <summary>Installs a package.</summary>
    /// <param name="package">A package file, or the name of a package.</param>
    /// <param name="version">The version of a named package, or null for the latest.</param>
    /// <param name="folder">The folder with one folder per plugin.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests. A cancelled installation changes nothing.</param>
    /// <exception cref="CommandException">The package does not exist, cannot be read, or exceeds a limit.</exception>
    /// <exception cref="PluginLoadException">The package is not a plugin that a server can load.</exception>
    public async Task<LoadedPlugin> InstallAsync(string package, string? version, string folder, CancellationToken cancellationToken)
    {
        try
        {
            return await InstallPackageAsync(package, version, folder, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is XmlException or PackagingException or InvalidDataException)
        {
            // The manifest is read without document type definitions.
            throw new CommandException($"the package {package}, or one of its dependencies, cannot be read: {unreadable.Message}");
        }
    }

    private async Task<LoadedPlugin> InstallPackageAsync(string package, string? version, string folder, CancellationToken cancellationToken)
    {
        var root = await FindAsync(package, version, cancellationToken);
        var packages = await feeds.ResolveAsync(root, cancellationToken);
        Directory.CreateDirectory(folder);
        // Servers ignore folders whose names begin with a dot.
        var staging = Path.Combine(Path.GetFullPath(folder), $".install-{Guid.NewGuid():N}");
        try
        {
            var staged = Path.Combine(staging, root.Id);
            Directory.CreateDirectory(staged);
            foreach (var identity in packages)
            {
                terminal.Note($"  {identity.Id} {identity.Version}");
                await ExtractAsync(identity, staged, cancellationToken);
            }

            var loaded = PluginCheck.Load(staged);
            var along = packages.Where(identity => !identity.Equals(root)).Select(static identity => $"{identity.Id} {identity.Version}").Order(StringComparer.Ordinal);
            var record = new InstallationRecord(root.Id, root.Version.ToNormalizedString(), [.. along]);
            await File.WriteAllTextAsync(Path.Combine(staged, InstallationRecord.FileName), JsonSerializer.Serialize(record, InstallationRecordJson.Default.InstallationRecord), cancellationToken);
            Replace(staged, Path.Combine(Path.GetFullPath(folder), root.Id), Path.Combine(staging, ".old"));
            return loaded;
        }
        finally
        {
            TryDelete(staging);
        }
    }

    private async Task<PackageIdentity> FindAsync(string package, string? version, CancellationToken cancellationToken)
    {
        if (!package.EndsWith(".nupkg", StringComparison.OrdinalIgnoreCase))
            return await feeds.FindAsync(package, version, cancellationToken);
        if (!File.Exists(package))
            throw new CommandException($"there is no file {package}", ExitCodes.NotFound);
        if (version is not null)
            throw new CommandException("--version cannot be used with a package file", ExitCodes.Usage);
        feeds.AddFolder(Path.GetDirectoryName(Path.GetFullPath(package))!);
        await using var file = File.OpenRead(package);
        limits.Check(file, Path.GetFileName(package));
        using var reader = new PackageArchiveReader(file);
        return await reader.GetIdentityAsync(cancellationToken);
    }

    private async Task ExtractAsync(PackageIdentity identity, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetDirectoryName(folder)!, $".{identity.Id}.nupkg");
        await using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);
        await feeds.DownloadAsync(identity, limits.Limit(file, identity.Id), cancellationToken);
        limits.Check(file, identity.Id);
        using var reader = new PackageArchiveReader(file, leaveStreamOpen: true);
        PackageFiles.Copy(reader, folder);
    }

    /// <summary>Replaces the folder by two renames. Between them, there is no folder; otherwise it has either the old or the new plugin.</summary>
    private static void Replace(string staged, string target, string old)
    {
        if (Directory.Exists(target))
            Directory.Move(target, old);
        try
        {
            Directory.Move(staged, target);
        }
        catch (IOException) when (Directory.Exists(old))
        {
            Directory.Move(old, target);
            throw;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
        {
            // The folder remains, but no server loads it.
        }
    }
}
