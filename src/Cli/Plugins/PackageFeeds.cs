using NuGet.Common;
using NuGet.Configuration;
using NuGet.Frameworks;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Resolver;
using NuGet.Versioning;
using Wharf.Plugins.Hosting;

namespace Wharf.Cli.Plugins;

/// <summary>Finds packages and their dependencies in the package sources of NuGet's configuration and in further sources.</summary>
internal sealed class PackageFeeds : IDisposable
{
    /// <summary>The target framework of plugins.</summary>
    public static readonly NuGetFramework Framework = NuGetFramework.Parse("net10.0");

    private readonly List<SourceRepository> _sources;
    private readonly SourceCacheContext _cache = new();

    /// <param name="further">Sources with priority over those of the configuration.</param>
    /// <param name="configuration">NuGet's configuration file; null for the default files of the current folder.</param>
    public PackageFeeds(IEnumerable<string> further, string? configuration)
    {
        var settings = configuration is null
            ? Settings.LoadDefaultSettings(Environment.CurrentDirectory)
            : Settings.LoadSpecificSettings(Path.GetDirectoryName(Path.GetFullPath(configuration)), Path.GetFileName(configuration));
        var configured = new PackageSourceProvider(settings).LoadPackageSources().Where(static source => source.IsEnabled);
        _sources = [.. further.Select(static source => new PackageSource(Uri.IsWellFormedUriString(source, UriKind.Absolute) ? source : Path.GetFullPath(source))).Concat(configured).Select(Repository.Factory.GetCoreV3)];
    }

    /// <summary>Adds a folder of package files as the first source.</summary>
    public void AddFolder(string folder) => _sources.Insert(0, Repository.Factory.GetCoreV3(new PackageSource(folder)));

    /// <summary>Finds a package by its name.</summary>
    /// <exception cref="CommandException">The package does not exist.</exception>
    public async Task<PackageIdentity> FindAsync(string name, string? version, CancellationToken cancellationToken)
    {
        if (version is not null && !NuGetVersion.TryParse(version, out _))
            throw new CommandException($"'{version}' is not a version", ExitCodes.Usage);
        var versions = await VersionsAsync(name, cancellationToken);
        var wanted = version is null
            ? versions.Where(static candidate => !candidate.IsPrerelease).DefaultIfEmpty(versions.Max()).Max()
            : versions.FirstOrDefault(candidate => candidate == NuGetVersion.Parse(version));
        return wanted is not null
            ? new PackageIdentity(name, wanted)
            : throw new CommandException($"no package source has {name} {version}", ExitCodes.NotFound, $"the sources are {string.Join(", ", _sources.Select(static source => source.PackageSource.Source))}; --source adds another");
    }

    /// <summary>Resolves a package and its dependencies, except the assemblies of the server. As in NuGet, the lowest compatible versions are used.</summary>
    /// <exception cref="CommandException">A dependency is missing, or the versions conflict.</exception>
    public async Task<IReadOnlyList<PackageIdentity>> ResolveAsync(PackageIdentity root, CancellationToken cancellationToken)
    {
        var known = new Dictionary<PackageIdentity, SourcePackageDependencyInfo>();
        var open = new Queue<PackageIdentity>([root]);
        while (open.TryDequeue(out var identity))
        {
            if (known.ContainsKey(identity))
                continue;
            var (resource, source, info) = await DependenciesAsync(identity, cancellationToken);
            var group = NuGetFrameworkUtility.GetNearest(info.DependencyGroups, Framework);
            var dependencies = (group?.Packages ?? []).Where(static dependency => !PluginLoader.IsShared(dependency.Id)).ToArray();
            known[identity] = new SourcePackageDependencyInfo(identity, dependencies, listed: true, source, null, null);
            foreach (var dependency in dependencies)
            {
                var found = dependency.VersionRange.FindBestMatch(await VersionsAsync(dependency.Id, cancellationToken))
                    ?? throw new CommandException($"{identity.Id} {identity.Version} needs {dependency.Id} {dependency.VersionRange.PrettyPrint()}, which no package source has", ExitCodes.NotFound, "--source adds another");
                open.Enqueue(new PackageIdentity(dependency.Id, found));
            }
        }

        try
        {
            var context = new PackageResolverContext(
                DependencyBehavior.Lowest, [root.Id], [root.Id], [], [root], known.Values, _sources.Select(static source => source.PackageSource), NullLogger.Instance);
            return [.. new PackageResolver().Resolve(context, cancellationToken)];
        }
        catch (NuGetResolverException unsolved)
        {
            throw new CommandException($"the dependencies of {root.Id} conflict: {unsolved.Message}");
        }
    }

    /// <summary>Downloads a package.</summary>
    public async Task DownloadAsync(PackageIdentity identity, Stream into, CancellationToken cancellationToken)
    {
        var (resource, _, _) = await DependenciesAsync(identity, cancellationToken);
        if (!await resource.CopyNupkgToStreamAsync(identity.Id, identity.Version, into, _cache, NullLogger.Instance, cancellationToken))
            throw new CommandException($"failed to download {identity.Id} {identity.Version}", ExitCodes.Unreachable);
    }

    public void Dispose() => _cache.Dispose();

    private async Task<IReadOnlyList<NuGetVersion>> VersionsAsync(string name, CancellationToken cancellationToken)
    {
        var versions = new HashSet<NuGetVersion>();
        foreach (var source in _sources)
            versions.UnionWith(await QueryAsync(source, resource => resource.GetAllVersionsAsync(name, _cache, NullLogger.Instance, cancellationToken), cancellationToken) ?? []);
        return [.. versions];
    }

    private async Task<(FindPackageByIdResource Resource, SourceRepository Source, FindPackageByIdDependencyInfo Info)> DependenciesAsync(PackageIdentity identity, CancellationToken cancellationToken)
    {
        foreach (var source in _sources)
        {
            if (await QueryAsync(source, resource => resource.GetDependencyInfoAsync(identity.Id, identity.Version, _cache, NullLogger.Instance, cancellationToken), cancellationToken) is { } info)
                return (await ResourceAsync(source, cancellationToken), source, info);
        }

        throw new CommandException($"no package source has {identity.Id} {identity.Version}", ExitCodes.NotFound, "--source adds another");
    }

    private static async Task<FindPackageByIdResource> ResourceAsync(SourceRepository source, CancellationToken cancellationToken) =>
        await source.GetResourceAsync<FindPackageByIdResource>(cancellationToken) ?? throw new CommandException($"{source.PackageSource.Source} is not a package source");

    private static async Task<T?> QueryAsync<T>(SourceRepository source, Func<FindPackageByIdResource, Task<T>> query, CancellationToken cancellationToken)
    {
        try
        {
            return await query(await ResourceAsync(source, cancellationToken));
        }
        catch (FatalProtocolException unanswered)
        {
            throw new CommandException($"the package source {source.PackageSource.Source} does not answer: {unanswered.Message}", ExitCodes.Unreachable);
        }
    }
}
