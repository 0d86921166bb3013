using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol.Grpc;

namespace Wharf.Cluster.Tests;

/// <summary>The log lines of a node about its cluster, and the advice of a silo to clients.</summary>
public sealed class Members
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_logs_its_cluster_at_the_start_and_each_node_that_joins_or_leaves()
    {
        Nodes.Require();
        await using var redis = await RedisServer.StartAsync(Token);
        var settings = Settings(redis);
        await using var first = await ServerProcess.StartAsync(settings, Token);
        var (self, clients) = ($"127.0.0.1:{settings["Wharf__Cluster__SiloPort"]}", $"127.0.0.1:{settings["Wharf__Node__ClientPort"]}");
        foreach (var line in new[] { "cluster +wharf", $"store +Redis at 127.0.0.1:{redis.Port}", $"nodes +{self} ", $"gateways +{clients} ", $"members +1: {self}" })
            Assert.Matches($"(?m)^  {line}", first.Running.Output);

        var others = Settings(redis);
        await using (var second = await ServerProcess.StartAsync(others, Token))
        {
            Assert.Matches("(?m)^  members +2: ", second.Running.Output);
            await first.Running.WaitForLineAsync(
                $@"info: .*The node \S*127.0.0.1:{others["Wharf__Cluster__SiloPort"]}\S* has joined the cluster wharf; 2 nodes are active", Token);
            await second.StopAsync(Token);
        }

        await first.Running.WaitForLineAsync(
            $@"info: .*The node \S*127.0.0.1:{others["Wharf__Cluster__SiloPort"]}\S* has left the cluster wharf; 1 nodes are active", Token);
        Assert.DoesNotContain("is lost", first.Running.Output, StringComparison.Ordinal);

        await using var gateway = await ServerProcess.StartAsync(new Dictionary<string, string?>(Settings(redis)) { ["Wharf__Role"] = "gateway" }, Token);
        Assert.Matches("(?m)^  cluster +wharf", gateway.Running.Output);
        Assert.Matches($"(?m)^  store +Redis at 127.0.0.1:{redis.Port}", gateway.Running.Output);
        await gateway.Running.WaitForLineAsync($"info: .*This gateway serves a cluster of 1 silos: {self}", Token);
        await using var third = await ServerProcess.StartAsync(Settings(redis), Token);
        await gateway.Running.WaitForLineAsync("info: .*has joined the cluster; 2 silos are active", Token);
        await third.StopAsync(Token);
        await gateway.Running.WaitForLineAsync("info: .*has left the cluster or is lost; 1 silos are active", Token);
    }

    [Fact]
    public async Task A_silo_advises_clients_to_use_a_gateway()
    {
        Nodes.Require();
        await using var redis = await RedisServer.StartAsync(Token);
        await using var silo = await ServerProcess.StartAsync(new Dictionary<string, string?>(Settings(redis)) { ["Wharf__Role"] = "silo" }, Token);
        using var channel = GrpcChannel.ForAddress(silo.Address);
        var refused = await Assert.ThrowsAsync<RpcException>(
            async () => await new ConfigService.ConfigServiceClient(channel).GetAuthenticationConstantsAsync(new(), cancellationToken: Token));
        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
        Assert.Contains("connect to a gateway of the cluster", refused.Status.Detail, StringComparison.Ordinal);
        var login = await Assert.ThrowsAnyAsync<RpcException>(() => silo.LoginAsync(Token));
        Assert.Equal(StatusCode.Unimplemented, login.StatusCode);
        Assert.Contains("connect to a gateway of the cluster", login.Status.Detail, StringComparison.Ordinal);

        using var http = new HttpClient { BaseAddress = silo.Address };
        using var web = new HttpRequestMessage(
            HttpMethod.Post, "/io.deephaven.proto.backplane.grpc.SessionService/NewSession") { Content = new ByteArrayContent([]) };
        web.Content.Headers.ContentType = new("application/grpc-web+proto");
        using var answer = await http.SendAsync(web, Token);
        Assert.Equal("12", Assert.Single(answer.Headers.GetValues("grpc-status")));
        using var page = await http.GetAsync(new Uri("/ide/", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("gateway", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Token));
    }

    private static Dictionary<string, string?> Settings(RedisServer redis) => new()
    {
        ["Wharf__Auth__TokenKey__0"] = Convert.ToBase64String("a token key of the tests, 32 bytes"u8),
        ["Wharf__Cluster__Redis"] = $"127.0.0.1:{redis.Port}",
        ["Wharf__Cluster__SiloPort"] = $"{FreePort.Take()}",
        ["Wharf__Node__ClientPort"] = $"{FreePort.Take()}",
    };
}
