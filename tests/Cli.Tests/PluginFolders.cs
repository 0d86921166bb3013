using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Wharf.Cli.Plugins;
using Wharf.Plugins.Counter;
using Wharf.Plugins.Fixtures;

namespace Wharf.Cli.Tests;

/// <summary>Packages become plugins: found, resolved, checked, listed and removed.</summary>
public sealed class PluginFolders : IDisposable
{
    private readonly WharfTool _wharf = new();

    private string Folder => _wharf.Path("plugins");

    public void Dispose() => _wharf.Dispose();

    [Fact]
    public async Task A_package_file_is_installed_with_what_it_depends_on_and_removed()
    {
        Pack("Counter", "1.2.3", typeof(CounterType).Assembly.Location, ("Acme.Library", "[1.0.0, )"), ("Wharf.Plugins.Abstractions", "0.1.0"));
        Pack("Acme.Library", "1.0.0", typeof(PluginFolders).Assembly.Location);
        Pack("Acme.Library", "2.0.0", typeof(PluginFolders).Assembly.Location);

        var run = await RunAsync("install", Feed("Counter.1.2.3.nupkg"));
        Assert.Contains("Counter: bidirectional, one message at a time", run.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Folder, "Counter", "Counter.dll")));
        Assert.True(File.Exists(Path.Combine(Folder, "Counter", Path.GetFileName(typeof(PluginFolders).Assembly.Location))));
        Assert.False(Directory.EnumerateDirectories(Folder, ".*").Any());

        var listed = JsonNode.Parse((await RunAsync("list", "--json")).Out)!.AsArray();
        Assert.Equal(("Counter", "1.2.3"), ((string)listed[0]!["name"]!, (string)listed[0]!["version"]!));
        // NuGet's own rule: the lowest version that will do; and what the server brings is not installed.
        Assert.Equal(["Acme.Library 1.0.0"], listed[0]!["packages"]!.AsArray().Select(static package => (string)package!));

        Assert.Equal("removed Counter\n", (await RunAsync("remove", "Counter")).Out);
        Assert.Equal(ExitCodes.NotFound, (await _wharf.RunAsync("plugin", "remove", "Counter", "--folder", Folder)).ExitCode);
        Assert.Empty(JsonNode.Parse((await RunAsync("list", "--json")).Out)!.AsArray());
    }

    [Theory]
    [InlineData("Broken.dll")]
    [InlineData(InstallationRecord.FileName)]
    public async Task A_plugin_whose_files_cannot_be_read_is_listed_without_a_version_and_can_be_removed(string file)
    {
        var broken = Directory.CreateDirectory(Path.Combine(Folder, "Broken")).FullName;
        File.Copy(typeof(CounterType).Assembly.Location, Path.Combine(broken, "Other.dll"));
        await File.WriteAllTextAsync(Path.Combine(broken, file), "{", TestContext.Current.CancellationToken);

        var listed = JsonNode.Parse((await RunAsync("list", "--json")).Out)!.AsArray();
        Assert.Equal(("Broken", ""), ((string)listed[0]!["name"]!, (string)listed[0]!["version"]!));
        Assert.Equal("removed Broken\n", (await RunAsync("remove", "Broken")).Out);
    }

    [Fact]
    public async Task A_name_is_found_in_a_source_and_a_newer_version_takes_the_place_of_an_older()
    {
        Pack("Counter", "1.0.0", typeof(CounterType).Assembly.Location);
        Pack("Counter", "1.1.0", typeof(CounterType).Assembly.Location);
        Pack("Counter", "2.0.0-beta", typeof(CounterType).Assembly.Location);
        await RunAsync("install", "Counter", "--source", Feed(""), "--version", "1.0.0");
        Assert.Contains("1.0.0", (await RunAsync("list")).Out, StringComparison.Ordinal);
        await RunAsync("install", "Counter", "--source", Feed(""));
        Assert.Contains("1.1.0", (await RunAsync("list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_that_no_server_can_load_is_not_installed()
    {
        Pack("NoPlugin", "1.0.0", typeof(PluginFolders).Assembly.Location);
        await FailsAsync(ExitCodes.Failed, "no assembly in the folder has", "install", Feed("NoPlugin.1.0.0.nupkg"));
        Pack("Counter", "1.0.0", typeof(CounterType).Assembly.Location, ("Acme.Missing", "3.0.0"));
        await FailsAsync(ExitCodes.NotFound, "Acme.Missing", "install", Feed("Counter.1.0.0.nupkg"));
        await FailsAsync(ExitCodes.NotFound, "there is no file", "install", Feed("Nope.1.0.0.nupkg"));
        Assert.Empty(Directory.Exists(Folder) ? Directory.EnumerateFileSystemEntries(Folder) : []);
    }

    [Fact]
    public async Task A_package_beyond_the_size_limit_is_refused_and_leaves_nothing()
    {
        var large = _wharf.Path("large.bin");
        await using (var file = File.Create(large))
            file.SetLength(3 << 20);
        Pack("Counter", "1.0.0", [($"lib/net10.0/Counter.dll", typeof(CounterType).Assembly.Location), ("lib/net10.0/large.bin", large)]);
        await FailsAsync(ExitCodes.Failed, "takes more than 2 MiB", "install", Feed("Counter.1.0.0.nupkg"), "--max-size", "2");
        Assert.Empty(Directory.Exists(Folder) ? Directory.EnumerateFileSystemEntries(Folder) : []);
        await RunAsync("install", Feed("Counter.1.0.0.nupkg"), "--max-size", "4");
    }

    [Theory]
    [InlineData("<!DOCTYPE package [ <!ENTITY name \"Counter\"> ]>", "cannot be read")]
    [InlineData("<unclosed>", "cannot be read")]
    public async Task A_manifest_with_a_document_type_or_without_form_is_refused(string declaration, string message)
    {
        Pack("Counter", "1.0.0", typeof(CounterType).Assembly.Location);
        using (var archive = ZipFile.Open(Feed("Counter.1.0.0.nupkg"), ZipArchiveMode.Update))
        {
            var manifest = archive.GetEntry("Counter.nuspec")!;
            string text;
            using (var reader = new StreamReader(manifest.Open()))
                text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            manifest.Delete();
            await using var writer = new StreamWriter(archive.CreateEntry("Counter.nuspec").Open());
            await writer.WriteAsync(text.Replace("?>", "?>" + declaration, StringComparison.Ordinal));
        }

        await FailsAsync(ExitCodes.Failed, message, "install", Feed("Counter.1.0.0.nupkg"));
        Assert.Empty(Directory.Exists(Folder) ? Directory.EnumerateFileSystemEntries(Folder) : []);
    }

    [Fact]
    public async Task Files_for_this_machine_replace_general_files_and_files_for_others_are_left_out()
    {
        var (forAll, forThis) = (typeof(PluginFolders).Assembly.Location, typeof(FactAttribute).Assembly.Location);
        Pack("Counter", "1.0.0", typeof(CounterType).Assembly.Location, ("Acme.Machine", "1.0.0"));
        Pack("Acme.Machine", "1.0.0", [
            ("lib/net10.0/Acme.Machine.dll", forAll),
            ("lib/net8.0/Acme.Old.dll", forAll),
            ($"runtimes/{Machine}/lib/net9.0/Acme.Machine.dll", forThis),
            ($"runtimes/{Other}/lib/net10.0/Acme.Machine.dll", forAll),
            ($"runtimes/{Platform}/native/acme.bin", forAll),
            ($"runtimes/{Machine}/native/acme.bin", forThis),
            ($"runtimes/{Machine}/native/more/acme.dat", forThis),
            ($"runtimes/{Other}/native/other.bin", forAll)]);
        await RunAsync("install", Feed("Counter.1.0.0.nupkg"));
        var folder = Path.Combine(Folder, "Counter");
        Assert.Equal(
            ["Acme.Machine.dll", "Counter.dll", "acme.bin", "more/acme.dat", "wharf-plugin.json"],
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal));
        foreach (var file in (string[])["Acme.Machine.dll", "acme.bin", "more/acme.dat"])
            Assert.Equal(await File.ReadAllBytesAsync(forThis, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_plugin_finds_the_native_library_that_its_package_depends_on()
    {
        var (prefix, suffix) = OperatingSystem.IsWindows() ? ("", ".dll") : OperatingSystem.IsMacOS() ? ("lib", ".dylib") : ("lib", ".so");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the runtime has no such library here");
        var library = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, $"libSystem.Native{suffix}");
        var plugin = FixtureCompiler.Write("CallsNative", Directory.CreateDirectory(_wharf.Path("built")).FullName);
        Pack("CallsNative", "1.0.0", plugin, ("Acme.Native", "[1.0.0]"));
        Pack("CallsNative", "2.0.0", plugin, ("Acme.Native", "[2.0.0]"));
        Pack("Acme.Native", "1.0.0", [($"runtimes/{Other}/native/{prefix}acme_native{suffix}", library)]);
        Pack("Acme.Native", "2.0.0", [($"runtimes/{Machine}/native/{prefix}acme_native{suffix}", library)]);
        await FailsAsync(ExitCodes.Failed, "acme_native", "install", Feed("CallsNative.1.0.0.nupkg"));
        Assert.Contains("CallsNative: fetch-only", (await RunAsync("install", Feed("CallsNative.2.0.0.nupkg"))).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_checked_without_a_server()
    {
        var folder = Directory.CreateDirectory(_wharf.Path("Counter")).FullName;
        await FailsAsync(ExitCodes.Failed, "no assembly in the folder has", "check", folder);
        File.Copy(typeof(CounterType).Assembly.Location, Path.Combine(folder, "Counter.dll"));
        var checkedPlugin = JsonNode.Parse((await RunAsync("check", folder, "--json")).Out)!;
        Assert.Equal("Counter", (string)checkedPlugin["types"]![0]!["name"]!);
        await FailsAsync(ExitCodes.NotFound, "there is no folder", "check", folder + "x");
    }

    private string Feed(string file) => Path.Combine(Directory.CreateDirectory(_wharf.Path("feed")).FullName, file);

    private async Task<Run> RunAsync(params string[] arguments)
    {
        var run = await _wharf.RunAsync(Complete(arguments));
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Error}");
        return run;
    }

    private async Task FailsAsync(int code, string message, params string[] arguments)
    {
        var run = await _wharf.RunAsync(Complete(arguments));
        Assert.Equal((code, true), (run.ExitCode, run.Error.Contains(message, StringComparison.Ordinal)));
    }

    /// <summary>No source but the test's own is asked.</summary>
    private string[] Complete(string[] arguments)
    {
        var configuration = _wharf.Path("nuget.config");
        File.WriteAllText(configuration, "<configuration><packageSources><clear /></packageSources></configuration>");
        return ["plugin", .. arguments, "--folder", Folder, .. arguments[0] == "install" ? ["--configfile", configuration] : Array.Empty<string>()];
    }

    private static string Platform => OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";

    private static string Machine => $"{Platform}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    private static string Other => OperatingSystem.IsWindows() ? "linux-x64" : "win-x64";

    private void Pack(string id, string version, string assembly, params (string Id, string Range)[] dependencies) =>
        Pack(id, version, [($"lib/net10.0/{Path.GetFileName(assembly)}", assembly)], dependencies);

    /// <summary>A package as NuGet has it: a description and files, in an archive.</summary>
    private void Pack(string id, string version, (string Entry, string Source)[] files, params (string Id, string Range)[] dependencies)
    {
        using var archive = ZipFile.Open(Feed($"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using (var writer = new StreamWriter(archive.CreateEntry($"{id}.nuspec").Open()))
        {
            writer.Write($"""
                <?xml version="1.0"?>
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata>
                    <id>{id}</id><version>{version}</version><authors>tests</authors><description>of a test</description>
                    <dependencies><group targetFramework="net10.0">{string.Concat(dependencies.Select(static dependency => $"<dependency id=\"{dependency.Id}\" version=\"{dependency.Range}\" />"))}</group></dependencies>
                  </metadata>
                </package>
                """);
        }

        foreach (var (entry, source) in files)
            archive.CreateEntryFromFile(source, entry);
    }
}
