using System.Globalization;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol;

namespace Wharf.Cluster.Tests;

/// <summary>The ports of a node without a cluster.</summary>
public sealed class LoneNode
{
    private const string Listening = "0A";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_without_a_cluster_listens_on_its_port_for_clients_only()
    {
        await using var node = await ServerProcess.StartAsync(cancellationToken: Token);
        Assert.Equal([node.Port], PortsOf(node.Running.Process.Id));
        await using var session = await node.LoginAsync(Token);
        await using var counter = await session.OpenAsync(ClusterCalls.Scope("counter", "Counter"), Token);
        await counter.SayAsync("", Token);
    }

    // A port for Orleans clients is opened when it is set, also without a cluster.
    [Fact]
    public async Task A_port_for_Orleans_clients_is_opened_beside_it_when_it_is_set()
    {
        var client = FreePort.Take();
        await using var node = await ServerProcess.StartAsync(new Dictionary<string, string?> { ["Wharf__Node__ClientPort"] = $"{client}" }, Token);
        Assert.Equal(new[] { node.Port, client }.Order(), PortsOf(node.Running.Process.Id));
    }

    // The table has the sockets of all processes; a process has links to its own.
    private static IEnumerable<int> PortsOf(int process)
    {
        var own = Directory.EnumerateFiles($"/proc/{process}/fd").Select(static file => new FileInfo(file).LinkTarget).ToHashSet();
        return new[] { "tcp", "tcp6" }
            .SelectMany(table => File.ReadLines($"/proc/{process}/net/{table}").Skip(1))
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns[3] == Listening && own.Contains($"socket:[{columns[9]}]"))
            .Select(static columns => int.Parse(columns[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            .Distinct()
            .Order();
    }
}
