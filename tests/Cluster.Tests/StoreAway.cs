using System.Text.RegularExpressions;
using Wharf.Processes;

namespace Wharf.Cluster.Tests;

/// <summary>The start of a node whose store cannot be reached.</summary>
public sealed class StoreAway
{
    private const string Secret = "a,secret;of=theirs";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("all")]
    [InlineData("gateway")]
    public async Task A_node_waits_for_a_Redis_that_starts_later(string role)
    {
        Nodes.Require();
        var port = FreePort.Take();
        var settings = Settings("Redis", $"127.0.0.1:{port},password=unused-secret");
        settings["Wharf__Role"] = role;
        await using var node = ServerProcess.Launch(settings);
        await node.WaitForLineAsync($"warn: .*Wharf:Cluster:Redis: Redis at 127.0.0.1:{port} cannot be reached .*retrying", Token);
        await using var redis = await RedisServer.StartAsync(port, ["--requirepass", "unused-secret"], Token);
        await node.WaitForLineAsync("Connected to Redis at .*", Token);
        await using var silo = role == "gateway" ? await ServerProcess.StartAsync(Settings("Redis", settings["Wharf__Cluster__Redis"]!), Token) : null;
        await node.WaitForLineAsync("serving on port", Token);
        Assert.Equal(1, Regex.Count(node.Output, "cannot be reached"));
        Assert.DoesNotContain("secret", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_waits_for_a_PostgreSQL_that_starts_later()
    {
        OverPostgres.Require();
        var port = FreePort.Take();
        await using var node = ServerProcess.Launch(Settings("Postgres", $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres"));
        await node.WaitForLineAsync($"warn: .*Wharf:Cluster:Postgres: PostgreSQL at 127.0.0.1:{port} cannot be reached .*retrying", Token);
        await using var postgres = await PostgresServer.StartAsync(port, Token);
        await node.WaitForLineAsync("serving on port", Token);
        Assert.Equal(1, Regex.Count(node.Output, "cannot be reached"));
    }

    [Theory]
    [InlineData("Redis", "127.0.0.1:1,password=a-secret", "Wharf:Cluster:Redis: Redis at 127.0.0.1:1 cannot be used: ")]
    [InlineData("Postgres", "Host=127.0.0.1;Port=1;Password=a-secret", "Wharf:Cluster:Postgres: PostgreSQL at 127.0.0.1:1 cannot be used: ")]
    public async Task The_wait_ends_with_the_setting_and_the_address(string store, string connection, string reason)
    {
        var settings = Settings(store, connection);
        settings["Wharf__Cluster__StoreWait"] = "00:00:02";
        await using var node = ServerProcess.Launch(settings);
        Assert.Equal(1, await node.ExitAsync(Token));
        var told = Assert.Single(node.Output.Split('\n'), static line => line.StartsWith("Wharf cannot start: ", StringComparison.Ordinal));
        Assert.StartsWith("Wharf cannot start: " + reason, told, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(node.Output, "retrying"));
        Assert.DoesNotContain("secret", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", node.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",password=not-the-secret")]
    [InlineData("")]
    public async Task A_refused_password_ends_the_start_at_once(string password)
    {
        Nodes.Require();
        await using var redis = await RedisServer.StartAsync(FreePort.Take(), ["--requirepass", "the-right-secret"], Token);
        await using var node = ServerProcess.Launch(Settings("Redis", $"127.0.0.1:{redis.Port}{password}"));
        Assert.Equal(1, await node.ExitAsync(Token));
        Assert.Contains($"Wharf cannot start: Wharf:Cluster:Redis: Redis at 127.0.0.1:{redis.Port} cannot be used: ", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("retrying", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", node.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Redis", "127.0.0.1:6379,password=" + Secret)]
    [InlineData("Redis", "127.0.0.1:6379,password=x,conectTimeout=" + Secret)]
    [InlineData("Redis", "password=" + Secret)]
    [InlineData("Postgres", "Host=127.0.0.1;Password=" + Secret)]
    [InlineData("Postgres", "Host=127.0.0.1;Port=" + Secret)]
    [InlineData("Postgres", "Password='a,secret;of=theirs'")]
    [InlineData("Postgres", "127.0.0.1:5432/" + Secret)]
    public async Task A_connection_string_that_cannot_be_read_is_named_without_its_text(string store, string connection)
    {
        await using var node = ServerProcess.Launch(Settings(store, connection));
        Assert.Equal(1, await node.ExitAsync(Token));
        var told = Assert.Single(node.Output.Split('\n'), static line => line.StartsWith("Wharf cannot start: ", StringComparison.Ordinal));
        Assert.StartsWith($"Wharf cannot start: Wharf:Cluster:{store} is not a connection string", told, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("theirs", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_waits_can_be_stopped()
    {
        await using var node = ServerProcess.Launch(Settings("Redis", "127.0.0.1:1"));
        await node.WaitForLineAsync("retrying", Token);
        node.Process.Send(Signal.Terminate);
        Assert.Equal(0, await node.ExitAsync(Token));
        Assert.DoesNotContain("Wharf cannot start", node.Output, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Settings(string store, string connection) => new()
    {
        ["Wharf__Auth__TokenKey__0"] = Convert.ToBase64String("a token key of the tests, 32 bytes"u8),
        [$"Wharf__Cluster__{store}"] = connection,
        ["Wharf__Cluster__SiloPort"] = $"{FreePort.Take()}",
        ["Wharf__Node__ClientPort"] = $"{FreePort.Take()}",
    };
}
