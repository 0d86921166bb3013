using System.Text;
using Wharf.Client;
using Wharf.Packaging.Tests.Images;
using Wharf.Processes;
using Wharf.Protocol;
using Wharf.Server.Stop;

namespace Wharf.Packaging.Tests;

/// <summary>What the Dockerfiles and compose files say is run as it stands there, without an engine: entry command, health check, environment, ports, folders.</summary>
public sealed class ImagesAndComposeFiles(ServerImage image) : IClassFixture<ServerImage>
{
    private static readonly string Deploy = Path.Combine(Checkout.Root, "deploy");
    private static readonly string Sample = Path.Combine(Checkout.Root, "samples", "Greeter");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_authors_image_is_two_lines_and_serves_the_plugin_as_the_guides_compose_file_says()
    {
        Assert.Equal(["FROM", "COPY"], Dockerfile.Read(Path.Combine(Sample, "Dockerfile")).LastStage.Select(static one => one.Name));
        var machinePort = FreePort.Take();
        var compose = new ComposeFile(Path.Combine(Sample, "compose.yaml"), new Dictionary<string, string> { ["DEEPHAVEN_PORT"] = $"{machinePort}" });
        var service = Assert.Single(compose.Services);
        Assert.Equal((machinePort, 10000), Assert.Single(compose.Ports(service)));
        Assert.Equal(["./data:/data"], compose.Volumes(service));
        await WriteDataAsync("settings.json", """{ "Wharf": { "Fields": { "another": { "Type": "Greeter" } } } }""");
        await WriteDataAsync("users", Gateway.Authentication.UsersFile.HashPassword("ann", "a password"));

        await using var container = await Container.StartAsync(image.Author, compose.Environment(service), machinePort, Token);
        Assert.Contains("memory     4096 MiB", container.Running.Output, StringComparison.Ordinal);
        await using (var session = await container.LoginAsync("YOUR_PASSWORD_HERE", Token))
        {
            foreach (var name in new[] { "greeter", "another" })
            {
                await using var greeter = await PluginClient.ConnectAsync(session, new TypedTicket(new ScopeTicket(name), "Greeter"), Token);
                Assert.Equal(0, (await greeter.ReadAsync(Token))!.Payload.Length);
                await greeter.SendAsync("world"u8.ToArray(), cancellationToken: Token);
                Assert.StartsWith("Hello world", Encoding.UTF8.GetString((await greeter.ReadAsync(Token))!.Payload.Span), StringComparison.Ordinal);
            }
        }

        await using (await Session.ConnectAsync(container.Address, Credentials.Basic("ann", "a password"), cancellationToken: Token))
        {
        }

        Assert.True(await container.IsHealthyAsync(Token));
        container.Running.Process.Send(Signal.Terminate);
        Assert.Equal(0, await container.Running.ExitAsync(Token));
        Assert.False(await container.IsHealthyAsync(Token));
    }

    [Fact]
    public async Task One_node_takes_its_key_and_port_from_the_shell()
    {
        var machinePort = FreePort.Take();
        var compose = new ComposeFile(
            Path.Combine(Deploy, "compose.yaml"), new Dictionary<string, string> { ["DEEPHAVEN_PORT"] = $"{machinePort}", ["WHARF_PSK"] = "from-the-shell-of-the-test" });
        await using var container = await Container.StartAsync(image.Author, compose.Environment("wharf"), Assert.Single(compose.Ports("wharf")).Machine, Token);
        await using var session = await container.LoginAsync("from-the-shell-of-the-test", Token);
        Assert.True(compose.StopGracePeriod("wharf") > OrderlyStopTimes.All);
    }

    [Fact]
    public async Task Two_nodes_with_redis_are_one_cluster()
    {
        Assert.True(RedisServer.IsInstalled, "there is no redis-server on this machine");
        var shell = new Dictionary<string, string> { ["WHARF_PSK"] = ServerProcess.Psk, ["WHARF_TOKEN_KEY"] = Convert.ToBase64String(new byte[32]) };
        var path = Path.Combine(Deploy, "compose.cluster.yaml");
        var compose = new ComposeFile(path, shell);
        Assert.Throws<KeyNotFoundException>(() => new ComposeFile(path, new Dictionary<string, string>()).Environment("wharf-a"));
        await using var redis = await RedisServer.StartAsync(Token);
        string[] services = ["wharf-a", "wharf-b"];
        Assert.All(services.SelectMany(compose.Environment), static pair => Assert.True(KnownSettings.Has(pair.Key), pair.Key));
        Assert.Equal(["redis", .. services], compose.Services);
        Assert.Equal([(10000, 10000), (10001, 10000)], services.SelectMany(compose.Ports));
        var starting = services.Select((service, index) => Container.StartAsync(image.Author, OnThisMachine(compose.Environment(service), index + 2, redis), 0, Token)).ToList();
        await using var a = await starting[0];
        await using var b = await starting[1];
        await SameObject.OnAllAsync(ServerProcess.Psk, [a.Address, b.Address], Token);
    }

    // The names that the engine would resolve; every container has an address of its own, so that ports stay what they are.
    private static Dictionary<string, string> OnThisMachine(Dictionary<string, string> environment, int container, RedisServer redis) => environment.ToDictionary(
        static pair => pair.Key,
        pair => pair.Value == "redis:6379" ? $"127.0.0.1:{redis.Port}" : pair.Value.EndsWith(".nodes", StringComparison.Ordinal) ? Loopback.Address(container) : pair.Value);

    private Task WriteDataAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(image.Author.Place("/data"), name), text, Token);
}
