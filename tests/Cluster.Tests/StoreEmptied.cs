using System.Net;
using Npgsql;
using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Cluster.Tests;

/// <summary>The loss of a store's data while the cluster runs.</summary>
public sealed class StoreEmptied
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("flush")]
    [InlineData("restart")]
    [InlineData("members")]
    public async Task Nodes_write_themselves_into_an_emptied_Redis_and_the_next_node_finds_them(string loss)
    {
        Nodes.Require();
        await using var redis = await RedisServer.StartAsync(Token);
        await RunAsync("Redis", $"127.0.0.1:{redis.Port}", async () =>
        {
            if (loss == "restart")
                await redis.RestartEmptyAsync(Token);
            else
                await redis.SendAsync(Token, loss == "flush" ? "FLUSHALL" : "DEL wharf/members/wharf");
        });
    }

    [Theory]
    [InlineData("TRUNCATE wharf.OrleansQuery, wharf.OrleansMembershipTable, wharf.OrleansMembershipVersionTable, wharf.OrleansStorage")]
    [InlineData("DELETE FROM wharf.OrleansMembershipTable")]
    [InlineData("DROP TABLE wharf.OrleansMembershipTable, wharf.OrleansMembershipVersionTable, wharf.OrleansStorage")]
    [InlineData("DROP SCHEMA wharf CASCADE")]
    public async Task Nodes_write_themselves_into_an_emptied_PostgreSQL_and_the_next_node_finds_them(string loss)
    {
        OverPostgres.Require();
        await using var postgres = await PostgresServer.StartAsync(Token);
        await RunAsync("Postgres", postgres.Connection, async () =>
        {
            await using var source = NpgsqlDataSource.Create(postgres.Connection);
            await using var command = source.CreateCommand(loss);
            await command.ExecuteNonQueryAsync(Token);
        });
    }

    [Fact]
    public async Task Gateways_without_a_silo_find_the_silos_of_an_emptied_store()
    {
        Nodes.Require();
        await using var redis = await RedisServer.StartAsync(Token);
        await using var one = await StartAsync("Redis", $"127.0.0.1:{redis.Port}", "silo");
        await using var two = await StartAsync("Redis", $"127.0.0.1:{redis.Port}", "silo");
        await using var before = await StartAsync("Redis", $"127.0.0.1:{redis.Port}", "gateway");
        await redis.SendAsync(Token, "FLUSHALL");
        await using var after = await StartAsync("Redis", $"127.0.0.1:{redis.Port}", "gateway");
        await CoreScenario.RunAsync(before, after, Token);
        await CoreScenario.RunAsync(after, before, Token);
    }

    [Fact]
    public async Task A_second_cluster_that_started_while_the_nodes_could_not_reach_the_store_ends_and_joins_after_a_restart()
    {
        Nodes.Require();
        await using var redis = await RedisServer.StartAsync(Token);
        await using var older = await StartAsync("Redis", $"127.0.0.1:{redis.Port}");
        older.Running.Process.Send(Signal.Stop);
        await redis.SendAsync(Token, "FLUSHALL");
        await using (var younger = await StartAsync("Redis", $"127.0.0.1:{redis.Port}"))
        {
            Assert.Matches("members +1: ", younger.Running.Output);
            older.Running.Process.Send(Signal.Continue);
            await older.Running.WaitForLineAsync("fail: .*had started a second cluster wharf in the emptied store and is declared lost", Token);
            Assert.NotEqual(0, await younger.Running.ExitAsync(Token));
        }

        await using var again = await StartAsync("Redis", $"127.0.0.1:{redis.Port}");
        await CoreScenario.RunAsync(older, again, Token);
    }

    [Fact]
    public async Task A_node_whose_entry_is_gone_is_not_ready_until_it_has_written_it_again()
    {
        Nodes.Require();
        await using var redis = await RedisServer.StartAsync(Token);
        await using var node = await StartAsync("Redis", $"127.0.0.1:{redis.Port}");
        using var http = new HttpClient { BaseAddress = node.Address };
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await ReadyAsync(http));

        // From this moment on, Redis refuses writes.
        Assert.Equal(["+OK", "+QUEUED", "+QUEUED", "*2"], await redis.SendAsync(Token, "MULTI", "FLUSHALL", "CONFIG SET min-replicas-to-write 1", "EXEC"));
        await node.Running.WaitForLineAsync("fail: .*has lost the table of the cluster wharf.*not ready", Token);
        var (status, text) = await ReadyAsync(http);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.StartsWith("Unhealthy\nstore: Redis has lost the entry of this node", text, StringComparison.Ordinal);

        await redis.SendAsync(Token, "CONFIG SET min-replicas-to-write 0");
        await node.Running.WaitForLineAsync("Redis has the entry of this node.* again; 1 nodes are active", Token);
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await ReadyAsync(http));
        await CoreScenario.RunAsync(node, node, Token);
    }

    [Fact]
    public async Task A_store_that_is_away_while_the_cluster_runs_is_a_reason_but_not_a_failure_of_health()
    {
        Nodes.Require();
        await using var redis = await RedisServer.StartAsync(Token);
        await using var node = await StartAsync("Redis", $"127.0.0.1:{redis.Port}");
        await redis.StopAsync();
        await node.Running.WaitForLineAsync("warn: .*Wharf:Cluster:Redis: Redis at 127.0.0.1:.* does not answer", Token);
        using var http = new HttpClient { BaseAddress = node.Address };
        var (status, text) = await ReadyAsync(http);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("Degraded\nstore: the store of the cluster does not answer: ", text, StringComparison.Ordinal);

        await using var session = await node.LoginAsync(Token);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => CreateAsync(session, "away"));
        Assert.Contains("the store of the cluster does not answer", refused.Message, StringComparison.Ordinal);
    }

    private static async Task RunAsync(string store, string connection, Func<Task> loseAsync)
    {
        await using var a = await StartAsync(store, connection);
        await using var b = await StartAsync(store, connection);
        await CoreScenario.RunAsync(a, b, Token);
        await using var before = await a.LoginAsync(Token);
        await CreateAsync(before, "before");

        await loseAsync();

        // The next node starts immediately, before the others can detect the loss.
        await using var c = await StartAsync(store, connection);
        // The first node that detects the loss writes the entries of both.
        var told = await Task.WhenAny(new[] { a, b }.Select(static node => node.Running.WaitForLineAsync("has the entry of this node.* again", Token)));
        await told;
        Assert.Contains(new[] { a, b }, static node => node.Running.Output.Contains("has lost the table of the cluster wharf", StringComparison.Ordinal));
        Assert.Matches(@"members +3: ", c.Running.Output);
        foreach (var (one, other) in new[] { (a, c), (c, b), (b, a) })
            await CoreScenario.RunAsync(one, other, Token);

        // The names still exist, and new ones can be created.
        await using var after = await c.LoginAsync(Token);
        await CreateAsync(after, "after");
        foreach (var node in new[] { a, b, c })
        {
            await using var session = await node.LoginAsync(Token);
            Assert.Equal(
                ["after", "before", "counter", "echo", "example_service", "objects"],
                (await session.ListFieldsAsync(Token)).Select(static field => field.Name).Order(StringComparer.Ordinal));
            using var http = new HttpClient { BaseAddress = node.Address };
            Assert.Equal((HttpStatusCode.OK, "Healthy"), await ReadyAsync(http));
        }

        // The store has the names again, so that they outlive the node.
        a.Running.Process.Send(Signal.Kill);
        await b.Running.WaitForLineAsync(@"The node \S+ of the cluster wharf is lost; 2 nodes are active", Token);
        await CoreScenario.SurviveAsync(b, Token);
        await CoreScenario.SurviveAsync(c, Token);
        await using var last = await b.LoginAsync(Token);
        Assert.Superset(
            new HashSet<string> { "after", "counter", "echo", "objects" }, (await last.ListFieldsAsync(Token)).Select(static field => field.Name).ToHashSet());
    }

    private static async Task<(HttpStatusCode Status, string Text)> ReadyAsync(HttpClient http)
    {
        using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private static async Task CreateAsync(Session session, string name)
    {
        await using var objects = await session.OpenAsync<INamedObjects>(INamedObjects.Name, Token);
        await objects.Service.CreateAsync("Counter", name, [], Token);
    }

    private static Task<ServerProcess> StartAsync(string store, string connection, string role = "all") => ServerProcess.StartAsync(
        new Dictionary<string, string?>
        {
            ["Wharf__Auth__TokenKey__0"] = Convert.ToBase64String("a token key of the tests, 32 bytes"u8),
            [$"Wharf__Cluster__{store}"] = connection,
            ["Wharf__Cluster__SiloPort"] = $"{FreePort.Take()}",
            ["Wharf__Node__ClientPort"] = $"{FreePort.Take()}",
            ["Wharf__Role"] = role,
        },
        Token);
}
