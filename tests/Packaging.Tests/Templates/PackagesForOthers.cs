using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;
using Wharf.Processes;

namespace Wharf.Packaging.Tests.Templates;

/// <summary>What is in a package beside its library, so that others can use it, debug it, and know what they may.</summary>
public sealed class PackagesForOthers : IDisposable
{
    // The kind of debug information under which portable symbols keep a source file.
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    private readonly string _folder = Directory.CreateTempSubdirectory("wharf-packages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Rpc", "# Methods instead of bytes")]
    [InlineData("Client", "# The C# client")]
    [InlineData("Protocol", "# Wharf")]
    public async Task A_package_has_licence_readme_documentation_commit_and_symbols_with_their_sources(string room, string readme)
    {
        await Dotnet.PackAsync($"src/{room}", _folder);
        using var package = ZipFile.OpenRead(Directory.GetFiles(_folder, "*.nupkg").Single());
        var described = XDocument.Load(package.GetEntry($"Wharf.{room}.nuspec")!.Open()).Root!.Elements().Single().Elements().ToDictionary(static element => element.Name.LocalName);
        Assert.Equal(("expression", "Apache-2.0"), ((string)described["license"].Attribute("type")!, described["license"].Value));
        Assert.Equal("The Wharf developers", described["authors"].Value);
        Assert.DoesNotContain("Package Description", described["description"].Value, StringComparison.Ordinal);
        Assert.NotEmpty(described["tags"].Value);
        Assert.Equal("README.md", described["readme"].Value);
        Assert.StartsWith(readme + "\n", Text(package.GetEntry("README.md")!), StringComparison.Ordinal);
        if (Path.Exists(Path.Combine(Checkout.Root, ".git")))
        {
            Assert.Equal("git", (string)described["repository"].Attribute("type")!);
            Assert.Matches("^[0-9a-f]{40}$", (string)described["repository"].Attribute("commit")!);
        }

        Assert.Contains("<member name=", Text(package.GetEntry($"lib/net10.0/Wharf.{room}.xml")!), StringComparison.Ordinal);
        Assert.Equal(room == "Rpc", package.GetEntry("analyzers/dotnet/cs/Wharf.Rpc.Generator.dll") is not null);

        using var symbols = ZipFile.OpenRead(Directory.GetFiles(_folder, "*.snupkg").Single());
        using var bytes = new MemoryStream();
        await using (var pdb = await symbols.GetEntry($"lib/net10.0/Wharf.{room}.pdb")!.OpenAsync(TestContext.Current.CancellationToken))
            await pdb.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        bytes.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(bytes);
        var reader = provider.GetMetadataReader();
        Assert.NotEmpty(reader.Documents);
        Assert.All(reader.Documents, document => Assert.True(HasSource(reader, document), reader.GetString(reader.GetDocument(document).Name)));
    }

    private static bool HasSource(MetadataReader reader, DocumentHandle document) =>
        reader.GetCustomDebugInformation(document).Any(handle => reader.GetGuid(reader.GetCustomDebugInformation(handle).Kind) == EmbeddedSource);

    private static string Text(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
