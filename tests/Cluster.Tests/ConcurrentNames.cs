using System.Diagnostics;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol;

namespace Wharf.Cluster.Tests;

/// <summary>Changes of names by many sessions of three nodes in the same moment.</summary>
public sealed class ConcurrentNames
{
    private const int Changes = 1000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_concurrent_changes_are_all_made_and_end_in_the_same_names_on_every_node_and_in_the_store()
    {
        Nodes.Require();
        await using var redis = await RedisServer.StartAsync(Token);
        var first = await StartAsync(redis);
        var nodes = new[] { first }.Concat(await Task.WhenAll(StartAsync(redis), StartAsync(redis))).ToArray();
        var sessions = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => nodes[i % nodes.Length].LoginAsync(Token)));
        var tables = await Task.WhenAll(sessions.Select(static session => session.EmptyTableAsync(1, Token)));

        // Names of one session only, and names that all sessions change.
        var time = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Changes).Select(
            i => sessions[i % sessions.Length].PublishAsync(tables[i % sessions.Length].Ticket, new ScopeTicket(i % 5 == 0 ? $"shared{i % 50}" : $"own{i}"), Token)));
        TestContext.Current.SendDiagnosticMessage($"{Changes} changes took {time.Elapsed}");

        var expected = Enumerable.Range(0, Changes).Select(static i => i % 5 == 0 ? $"shared{i % 50}" : $"own{i}").Distinct().Order(StringComparer.Ordinal).ToArray();
        var lists = await Task.WhenAll(sessions.Take(nodes.Length).Select(static session => session.ListFieldsAsync(Token)));
        Assert.All(lists, list => Assert.Equal(expected, Names(list)));
        foreach (var node in nodes)
            Assert.DoesNotContain("Inconsistent", node.Running.Output, StringComparison.Ordinal);

        foreach (var session in sessions)
            await session.DisposeAsync();
        await Task.WhenAll(nodes.Select(static node => node.StopAsync(Token)));
        await using var next = await StartAsync(redis);
        await using var reader = await next.LoginAsync(Token);
        Assert.Equal(expected, Names(await reader.ListFieldsAsync(Token)));
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    private static string[] Names(IEnumerable<Field> fields) =>
        [.. fields.Select(static field => field.Name).Where(static name => name.StartsWith("own", StringComparison.Ordinal) || name.StartsWith("shared", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static Task<ServerProcess> StartAsync(RedisServer redis) => ServerProcess.StartAsync(
        new Dictionary<string, string?>
        {
            ["Wharf__Auth__TokenKey__0"] = Convert.ToBase64String("a token key of the tests, 32 bytes"u8),
            ["Wharf__Cluster__Redis"] = $"127.0.0.1:{redis.Port}",
            ["Wharf__Cluster__SiloPort"] = $"{FreePort.Take()}",
            ["Wharf__Node__ClientPort"] = $"{FreePort.Take()}",
        },
        Token);
}
