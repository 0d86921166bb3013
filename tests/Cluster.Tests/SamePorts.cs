using System.Text.RegularExpressions;
using Wharf.Processes;

namespace Wharf.Cluster.Tests;

/// <summary>Two nodes on one machine: each port is exclusive to one process.</summary>
public sealed class SamePorts
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Wharf__Cluster__SiloPort", "Wharf:Cluster:SiloPort")]
    [InlineData("Wharf__Node__ClientPort", "Wharf:Node:ClientPort")]
    [InlineData("Wharf__Port", "Wharf:Port")]
    public async Task A_node_on_a_port_of_another_node_does_not_start_and_names_the_setting(string variable, string setting)
    {
        Nodes.Require();
        await using var redis = await RedisServer.StartAsync(Token);
        await using var first = await ServerProcess.StartAsync(Settings(redis), Token);
        var settings = Settings(redis);
        settings[variable] = variable == "Wharf__Port" ? $"{first.Port}" : PortOf(first, variable);
        await using var second = ServerProcess.Launch(settings);
        Assert.Equal(1, await second.ExitAsync(Token));
        var told = Assert.Single(second.Output.Split('\n'), static line => line.StartsWith("Wharf cannot start: ", StringComparison.Ordinal));
        Assert.StartsWith($"Wharf cannot start: {setting}: ", told, StringComparison.Ordinal);
        Assert.Contains("address already in use", told, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);

        // The first node still serves, and a node with other ports joins it.
        await using var third = await ServerProcess.StartAsync(Settings(redis), Token);
        await CoreScenario.RunAsync(first, third, Token);
    }

    [Fact]
    public async Task Of_nodes_that_start_at_once_on_the_same_port_one_starts()
    {
        Nodes.Require();
        await using var redis = await RedisServer.StartAsync(Token);
        var (settings, other) = (Settings(redis), Settings(redis));
        other["Wharf__Cluster__SiloPort"] = settings["Wharf__Cluster__SiloPort"];
        await using var one = ServerProcess.Launch(settings);
        await using var two = ServerProcess.Launch(other);
        var ends = new[] { OutcomeAsync(one), OutcomeAsync(two) };
        Assert.Equal([false, true], (await Task.WhenAll(ends)).Order());
        var refused = await ends[0] ? two : one;
        Assert.Equal(1, await refused.ExitAsync(Token));
        Assert.Contains("Wharf cannot start: Wharf:Cluster:SiloPort: ", refused.Output, StringComparison.Ordinal);
    }

    private static async Task<bool> OutcomeAsync(RunningProcess process)
    {
        await process.WaitForLineAsync("serving on port|Wharf cannot start", Token);
        return !process.Output.Contains("Wharf cannot start", StringComparison.Ordinal);
    }

    private static string PortOf(ServerProcess node, string variable) =>
        Regex.Match(
            node.Running.Output,
            variable.EndsWith("SiloPort", StringComparison.Ordinal) ? @"nodes +127\.0\.0\.1:(\d+)" : @"gateways +127\.0\.0\.1:(\d+)").Groups[1].Value;

    private static Dictionary<string, string?> Settings(RedisServer redis) => new()
    {
        ["Wharf__Auth__TokenKey__0"] = Convert.ToBase64String("a token key of the tests, 32 bytes"u8),
        ["Wharf__Cluster__Redis"] = $"127.0.0.1:{redis.Port}",
        ["Wharf__Cluster__SiloPort"] = $"{FreePort.Take()}",
        ["Wharf__Node__ClientPort"] = $"{FreePort.Take()}",
    };
}
