using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Tests.Loading;

public sealed class PluginLoaderTests
{
    private static readonly Caller Someone = new("someone", "session", "Basic");

    [Fact]
    public async Task Two_plugins_carry_different_versions_of_one_library()
    {
        using PluginFolder folder = new("UsesLibraryV1", "UsesLibraryV2");
        IReadOnlyList<LoadedPlugin> plugins = Loader().LoadAll(folder.Path);

        Assert.Equal(["UsesLibraryV1", "UsesLibraryV2"], plugins.Select(plugin => plugin.Name));
        Assert.Equal(["1", "2"], [await VersionSeenBy(plugins[0]), await VersionSeenBy(plugins[1])]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Translated_resources_of_a_plugin_are_found_with_and_without_a_list_of_dependencies(bool hasList)
    {
        using PluginFolder folder = new("TestObjects");
        if (!hasList)
            File.Delete(folder.File("TestObjects", "TestObjects.deps.json"));
        LoadedPlugin plugin = Assert.Single(Loader().LoadAll(folder.Path));
        FetchOnlyObjectType type = (FetchOnlyObjectType)plugin.Types.Single(static type => type.Name == "Translated");

        FetchResult fetched = await type.FetchAsync(await type.CreateAsync(null!, default), Someone, default);

        Assert.Equal(["Guten Tag", "Hello", "März"], Encoding.UTF8.GetString(fetched.Payload.Span).Split('|')[2..]);
    }

    [Fact]
    public void A_plugin_says_its_version_its_api_and_its_types()
    {
        using PluginFolder folder = new("Echo");
        LoadedPlugin plugin = Assert.Single(Loader().LoadAll(folder.Path));

        Assert.Equal(("Echo", "0.1.0", PluginApi.Version, folder.File("Echo", "Echo.dll")), (plugin.Name, plugin.Version, plugin.ApiVersion, plugin.File));
        Assert.Equal("Echo", Assert.Single(plugin.Types).Name);
    }

    [Fact]
    public void The_plugin_api_of_a_plugin_is_the_servers_even_if_it_brings_its_own()
    {
        using PluginFolder folder = new("Echo");
        foreach (string copy in new[] { "Wharf.Plugins.Abstractions.dll", "Wharf.Tables.Abstractions.dll", "Apache.Arrow.dll" })
            File.Copy(Path.Combine(AppContext.BaseDirectory, copy), folder.File("Echo", copy));
        LoadedPlugin plugin = Assert.Single(Loader().LoadAll(folder.Path));

        Assert.IsType<BidirectionalObjectType>(Assert.Single(plugin.Types), exactMatch: false);
    }

    [Fact]
    public void A_main_assembly_of_another_name_is_found_when_it_is_the_only_one()
    {
        using PluginFolder folder = new();
        folder.Add("Echo", under: "Parrot");

        Assert.Equal("Parrot", Assert.Single(Loader().LoadAll(folder.Path)).Name);
    }

    [Fact]
    public void Two_main_assemblies_in_one_folder_are_refused()
    {
        using PluginFolder folder = new("Echo");
        Directory.Move(folder.File("Echo", ""), folder.File("Both", ""));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "plugins", "Counter", "Counter.dll"), folder.File("Both", "Counter.dll"));

        PluginLoadException refused = Refused(folder, "Both");
        Assert.Contains("Counter.dll, Echo.dll", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_that_begin_with_a_dot_and_files_are_left_alone()
    {
        using PluginFolder folder = new("Echo");
        folder.Add("ThrowingRegistration", under: ".disabled");
        File.WriteAllText(Path.Combine(folder.Path, "README.txt"), "not a plugin");

        Assert.Single(Loader().LoadAll(folder.Path));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named_with_its_setting()
    {
        PluginLoadException refused = Assert.Throws<PluginLoadException>(() => Loader().LoadAll("/nowhere/plugins"));

        Assert.Contains("/nowhere/plugins", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Wharf:Plugins:Folder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_dependency_that_the_manifest_names_fails_the_start()
    {
        using PluginFolder folder = new("UsesLibraryV1");
        File.Delete(folder.File("UsesLibraryV1", "Fixture.Library.dll"));

        Assert.Contains("Fixture.Library", Refused(folder, "UsesLibraryV1").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_dependency_fails_the_start_also_without_a_manifest()
    {
        using PluginFolder folder = new("UsesLibraryV1");
        File.Delete(folder.File("UsesLibraryV1", "Fixture.Library.dll"));
        File.Delete(folder.File("UsesLibraryV1", "UsesLibraryV1.deps.json"));

        Assert.Contains("Fixture.Library 1.0.0.0 is not in the plugin's folder", Refused(folder, "UsesLibraryV1").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_of_the_server_is_not_lent_to_a_plugin_that_forgot_it()
    {
        using PluginFolder folder = new("UsesLibraryV1");
        File.Delete(folder.File("UsesLibraryV1", "UsesLibraryV1.deps.json"));

        // CsCheck is among this process's own assemblies.
        PluginLoadContext context = new("test", folder.File("UsesLibraryV1", "UsesLibraryV1.dll"));
        Assert.ThrowsAny<IOException>(() => context.LoadFromAssemblyName(typeof(CsCheck.Check).Assembly.GetName()));
    }

    [Fact]
    public void A_plugin_for_the_next_major_api_is_refused_before_its_code_runs() =>
        Assert.Contains("built for plugin API 2.0, but this server has 1.0", RefusedAlone("ForNextMajorApi").Message, StringComparison.Ordinal);

    [Fact]
    public void A_registration_that_throws_fails_the_start_with_its_message() =>
        Assert.Contains("the licence has expired", RefusedAlone("ThrowingRegistration").Message, StringComparison.Ordinal);

    [Fact]
    public void An_assembly_without_the_attribute_is_refused() =>
        Assert.Contains("[assembly: Plugin(...)]", RefusedAlone("NoAttribute").Message, StringComparison.Ordinal);

    [Fact]
    public void A_registration_of_the_wrong_class_is_refused() =>
        Assert.Contains("System.String is not an IPluginRegistration", RefusedAlone("NotARegistration").Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_no_assembly_is_refused()
    {
        using PluginFolder folder = new("Echo");
        File.WriteAllText(folder.File("Echo", "Echo.dll"), "garbage");

        Assert.EndsWith("Echo.dll): the file is damaged or no .NET assembly", Refused(folder, "Echo").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_cut_off_is_refused()
    {
        using PluginFolder folder = new("Echo");
        byte[] whole = File.ReadAllBytes(folder.File("Echo", "Echo.dll"));
        File.WriteAllBytes(folder.File("Echo", "Echo.dll"), whole[..(whole.Length / 4)]);

        Assert.Contains("damaged", Refused(folder, "Echo").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_name_that_another_plugin_has_is_refused_and_both_are_named()
    {
        using PluginFolder folder = new("UsesLibraryV1");
        folder.Add("TakenName", under: "ZTakenName");

        Assert.Contains("'LIBRARYv1' is taken by plugin UsesLibraryV1", Refused(folder, "ZTakenName").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_plugin_is_skipped_when_SkipBroken_is_set()
    {
        using PluginFolder folder = new("Echo", "ForNextMajorApi", "NoAttribute", "NotARegistration", "ThrowingRegistration", "UsesLibraryV1");
        folder.Add("TakenName", under: "ZTakenName");
        File.WriteAllText(folder.File("Echo", "Echo.dll"), "garbage");
        Directory.CreateDirectory(folder.File("Empty", ""));

        Assert.Equal(["UsesLibraryV1"], Loader().LoadAll(folder.Path, skipBroken: true).Select(plugin => plugin.Name));
        Assert.Throws<PluginLoadException>(() => Loader().LoadAll(folder.Path));
    }

    [Fact]
    public void A_skipped_plugin_releases_its_type_names()
    {
        TypeNames names = new();
        PluginRegistry broken = new("broken", names);
        broken.Register(new NamedType("Chat"));
        Assert.Throws<ArgumentException>(() => new PluginRegistry("next", names).Register(new NamedType("chat")));

        broken.Abandon();

        new PluginRegistry("next", names).Register(new NamedType("chat"));
    }

    [Fact]
    public void A_file_that_cannot_be_read_fails_the_start_with_the_name_of_the_plugin()
    {
        using PluginFolder folder = new("Echo");
        File.Delete(folder.File("Echo", "Echo.dll"));
        File.CreateSymbolicLink(folder.File("Echo", "Echo.dll"), folder.Path);

        Refused(folder, "Echo");
    }

    private sealed class NamedType(string name) : FetchOnlyObjectType<PluginLoaderTests>(name)
    {
        protected override ValueTask<FetchResult> FetchAsync(PluginLoaderTests instance, Caller caller, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new FetchResult(default, []));
    }

    private static PluginLoader Loader() => new(NullLogger<PluginLoader>.Instance);

    private static PluginLoadException RefusedAlone(string plugin)
    {
        using PluginFolder folder = new(plugin);
        return Refused(folder, plugin);
    }

    /// <summary>Which plugin, which file, and why: all three are in the message.</summary>
    private static PluginLoadException Refused(PluginFolder folder, string plugin)
    {
        PluginLoadException refused = Assert.Throws<PluginLoadException>(() => Loader().LoadAll(folder.Path));
        Assert.Equal(plugin, refused.Plugin);
        Assert.StartsWith(Path.Combine(folder.Path, plugin), refused.File, StringComparison.Ordinal);
        Assert.Contains(refused.File, refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Reason);
        return refused;
    }

    private static async Task<string> VersionSeenBy(LoadedPlugin plugin)
    {
        FetchOnlyObjectType type = Assert.IsType<FetchOnlyObjectType>(Assert.Single(plugin.Types), exactMatch: false);
        object instance = await type.CreateAsync(null!, default);
        FetchResult fetched = await type.FetchAsync(instance, Someone, default);
        return Encoding.UTF8.GetString(fetched.Payload.Span);
    }
}
