using Wharf.Protocol;

namespace Wharf.Cluster.Tests;

/// <summary>A silo that has no plugins comes before any node that has them: the fields wait for that one.</summary>
public sealed class SiloWithoutPlugins : IAsyncDisposable
{
    private readonly NodesBehindGateways _nodes = new();
    private readonly DirectoryInfo _empty = Directory.CreateTempSubdirectory("wharf-no-plugins-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _nodes.DisposeAsync();
        _empty.Delete();
    }

    [Fact]
    public async Task It_starts_and_its_fields_are_made_where_their_types_are_once_such_a_node_comes()
    {
        Nodes.Require();
        _nodes.Settings["Wharf__Plugins__Folder"] = _empty.FullName;
        _nodes.Settings["Wharf__Fields__foreign__Type"] = "Relay";
        _nodes.SettingsOfB["Wharf__Fields__foreign__Type"] = "";
        await _nodes.StartInOrderAsync(aIsFirst: true, Token);
        Assert.Contains("created when a node with their types joins", _nodes.HomeA.Running.Output, StringComparison.Ordinal);

        await using var inside = await _nodes.LookInsideAsync(Token);
        await using var session = await _nodes.LoginAsync(_nodes.A, _nodes.HomeA, Token);
        foreach (var name in (string[])["counter", "example_service", "foreign"])
            Assert.Equal(_nodes.SiloPortOf(_nodes.HomeB), await inside.SiloPortOfAsync(new ScopeTicket(name), Token));
        await using var counter = await session.OpenAsync(ClusterCalls.Scope("counter", "Counter"), Token);
        await counter.SayAsync("3", Token);
        Assert.Equal(3, await counter.CountAsync(Token));
        await using var foreign = await session.OpenAsync(ClusterCalls.Scope("foreign", "Relay"), Token);
    }
}
