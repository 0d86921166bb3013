using System.Text;
using System.Xml.Linq;
using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Packaging.Tests.Templates;

/// <summary>From the template to an answer of a server, in an empty folder.</summary>
public sealed class FirstPlugin : IDisposable
{
    private const string Name = "Acme-Greeter";
    private static readonly string[] Packages = ["src/Protocol", "src/Tables.Abstractions", "src/Tables", "src/Rpc", "src/Plugins.Abstractions", "src/Plugins.Hosting", "src/Plugins.Testing", "templates/Wharf.Templates"];

    private readonly string _folder = Directory.CreateTempSubdirectory("wharf-template-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Plugins => Path.Combine(_folder, "plugins");

    private string Feed => Path.Combine(_folder, "feed");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_template_is_built_and_tested_and_a_server_serves_its_object()
    {
        foreach (var package in Packages)
            await Dotnet.PackAsync(package, Feed);
        await File.WriteAllTextAsync(Path.Combine(_folder, "nuget.config"), Configuration(), Cancelled);
        await WriteForeignSettingsAsync();
        await DotnetAsync(_folder, "new", "install", Directory.GetFiles(Feed, "Wharf.Templates.*.nupkg").Single());
        await DotnetAsync(_folder, "new", "wharf-plugin", "--output", Name);

        var project = Path.Combine(_folder, Name);
        await DotnetAsync(project, "build");
        Assert.True(File.Exists(Path.Combine(Plugins, Name, Name + ".dll")));
        Assert.False(File.Exists(Path.Combine(Plugins, Name, "Wharf.Plugins.Abstractions.dll")), "the plugin API is the server's");
        Assert.Matches("(?i)passed|erfolgreich", await DotnetAsync(project, "test", "--no-build"));
        await DotnetAsync(project, "pack", Name, "--output", Path.Combine(_folder, "packed"));
        Assert.True(File.Exists(Path.Combine(_folder, "packed", Name + ".1.0.0.nupkg")));

        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string?> { ["Wharf__Plugins__UserFolder"] = Plugins, ["Wharf__Fields__greeter__Type"] = Name, ["Wharf__Fields__greeter__Arguments__Greeting"] = "Good day" }, Cancelled);
        await using var session = await Session.ConnectAsync(server.Address, Credentials.PreSharedKey(ServerProcess.Psk), cancellationToken: Cancelled);
        var greeter = (await session.ListFieldsAsync(Cancelled)).Single(static field => field.Name == "greeter");
        await using var client = await PluginClient.ConnectAsync(session, greeter.Ticket, Cancelled);
        await client.ReadAsync(Cancelled);
        await client.SendAsync("Ann"u8.ToArray(), cancellationToken: Cancelled);
        Assert.Equal("Good day Ann, you are number 1", Encoding.UTF8.GetString((await client.ReadAsync(Cancelled))!.Payload.Span));
    }

    [Theory]
    [InlineData(new string[0], false)]
    [InlineData(new[] { "--feed", "/a folder/of packages" }, true)]
    public async Task The_template_names_a_further_source_only_if_it_is_given_one(string[] feed, bool isNamed)
    {
        await DotnetAsync(_folder, "new", "install", Path.Combine(Checkout.Root, "templates", "Wharf.Templates", "content", "wharf-plugin"));
        await DotnetAsync(_folder, ["new", "wharf-plugin", "--output", Name, .. feed]);
        var properties = XDocument.Load(Path.Combine(_folder, Name, "Directory.Build.props")).Descendants("RestoreAdditionalProjectSources")
            .Select(static property => property.Value);
        Assert.Equal(isNamed ? [feed[1]] : [], properties);
    }

    [Fact]
    public void The_template_asks_for_the_version_that_it_comes_with()
    {
        var version = XDocument.Load(Path.Combine(Checkout.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        var content = Path.Combine(Checkout.Root, "templates", "Wharf.Templates", "content", "wharf-plugin");
        var references = Directory.EnumerateFiles(content, "*.csproj", SearchOption.AllDirectories)
            .SelectMany(static file => XDocument.Load(file).Descendants("PackageReference"))
            .Where(static reference => ((string)reference.Attribute("Include")!).StartsWith("Wharf.", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, references.Length);
        Assert.All(references, reference => Assert.Equal(version, (string)reference.Attribute("Version")!));
    }

    /// <summary>
    /// The packages of this checkout, into a folder of their own: what the machine has under the same version may be older. All others are those that the checkout itself was restored with.
    /// </summary>
    private string Configuration() => $"""
        <configuration>
          <config><add key="globalPackagesFolder" value="packages" /></config>
          <packageSources>
            <clear />
            <add key="checkout" value="{Feed}" />
            <add key="machine" value="{MachinePackages}" />
          </packageSources>
          <packageSourceMapping>
            <packageSource key="checkout"><package pattern="Wharf.*" /></packageSource>
            <packageSource key="machine"><package pattern="*" /></packageSource>
          </packageSourceMapping>
        </configuration>
        """;

    /// <summary>Settings that a repository around the plugin may have: central package versions, other assembly names, a failing target.</summary>
    private async Task WriteForeignSettingsAsync()
    {
        var files = new Dictionary<string, string>
        {
            ["Directory.Packages.props"] = "<Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup></Project>",
            ["Directory.Build.props"] = "<Project><PropertyGroup><AssemblyName>Other.$(MSBuildProjectName)</AssemblyName></PropertyGroup></Project>",
            ["Directory.Build.targets"] = "<Project><Target Name=\"Fail\" BeforeTargets=\"Build\"><Error Text=\"inherited\" /></Target></Project>",
        };
        foreach (var (name, text) in files)
            await File.WriteAllTextAsync(Path.Combine(_folder, name), text, Cancelled);
    }

    private static string MachinePackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private Task<string> DotnetAsync(string folder, params string[] arguments) =>
        Dotnet.RunAsync(folder, new Dictionary<string, string?> { ["DOTNET_CLI_HOME"] = Path.Combine(_folder, "home"), ["WHARF_PLUGINS"] = Plugins }, arguments);
}
