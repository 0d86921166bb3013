namespace Wharf.Interop;

/// <summary>The guide's proxy package in a temporary folder, with what the current client needs: its base class has moved, and keeps type and ticket itself.</summary>
internal sealed class ProxyForTheCurrentClient : IDisposable
{
    private static readonly (string Before, string After)[] Edits =
    [
        ("from pydeephaven.experimental import plugin_client, server_object", "from pydeephaven.experimental import plugin_client\nfrom pydeephaven import ticket as server_object"),
        ("self.type_ = plugin_client.type_", "super().__init__(plugin_client.type, plugin_client.ticket)"),
        ("self.ticket = plugin_client.ticket", ""),
    ];

    private ProxyForTheCurrentClient(string folder) => Folder = folder;

    public string Folder { get; }

    public static ProxyForTheCurrentClient Make(string guide)
    {
        var proxy = new ProxyForTheCurrentClient(Directory.CreateTempSubdirectory("wharf-interop-").FullName);
        var source = File.ReadAllText(Path.Combine(guide, "client", "example_plugin_client", "__init__.py"));
        foreach (var (before, after) in Edits)
        {
            Assert.Contains(before, source, StringComparison.Ordinal);
            source = source.Replace(before, after, StringComparison.Ordinal);
        }

        Directory.CreateDirectory(Path.Combine(proxy.Folder, "example_plugin_client"));
        File.WriteAllText(Path.Combine(proxy.Folder, "example_plugin_client", "__init__.py"), source);
        return proxy;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
