using System.Globalization;
using k8s.Models;
using Wharf.Packaging.Tests.Images;
using Wharf.Packaging.Tests.Kubernetes;
using Wharf.Processes;
using Wharf.Server.Stop;

namespace Wharf.Packaging.Tests;

/// <summary>The manifests say what the API knows, name only what is there, and are one cluster of three nodes when they are run.</summary>
public sealed class KubernetesManifests
{
    private static readonly Manifests All = Manifests.Read();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("replicas: 3", "replicas: 3")]
    [InlineData("replicas: 3", "replicas: three", true)]
    [InlineData("replicas: 3", "replica: 3", true)]
    [InlineData("terminationGracePeriodSeconds: 30", "terminationGracePeriodSecond: 30", true)]
    [InlineData("path: /health/ready", "url: /health/ready", true)]
    [InlineData("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: perhaps", true)]
    [InlineData("kind: PodDisruptionBudget", "kind: PodBudget", true)]
    public void A_field_a_type_or_a_kind_that_the_api_does_not_have_is_found(string right, string written, bool isWrong = false)
    {
        var yaml = File.ReadAllText(Path.Combine(Checkout.Root, "deploy", "kubernetes", "wharf.yaml"));
        Assert.Contains(right, yaml, StringComparison.Ordinal);
        var failure = Record.Exception(() => Assert.Equal(2, Manifests.Parse(yaml.Replace(right, written, StringComparison.Ordinal)).Count));
        Assert.Equal(isWrong, failure is not null);
    }

    [Fact]
    public void Every_object_has_a_kind_a_name_and_no_double()
    {
        Assert.All(All.All, static one =>
        {
            Assert.NotEmpty(one.ApiVersion);
            Assert.NotEmpty(one.Kind);
            Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", one.Metadata.Name);
        });
        Assert.Equal(All.All.Count(), All.All.Select(static one => (one.Kind, one.Metadata.Name)).Distinct().Count());
    }

    [Fact]
    public void References_between_manifests_resolve()
    {
        foreach (var set in All.StatefulSets)
        {
            var pod = set.Spec.Template.Spec;
            Assert.True(Manifests.Picks(set.Spec.Selector.MatchLabels, set), $"{set.Metadata.Name} does not select its own pods");
            Assert.Contains(All.Services, service => service.Metadata.Name == set.Spec.ServiceName && Manifests.Picks(service.Spec.Selector, set));
            var volumes = (pod.Volumes ?? []).Select(static volume => volume.Name).Concat((set.Spec.VolumeClaimTemplates ?? []).Select(static claim => claim.Metadata.Name)).ToList();
            foreach (var container in pod.Containers)
            {
                foreach (var probe in new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe })
                    if ((probe?.HttpGet?.Port ?? probe?.TcpSocket?.Port) is { } port)
                        Assert.NotNull(Manifests.Port(set, port));
                Assert.All(container.VolumeMounts ?? [], mount => Assert.Contains(mount.Name, volumes));
                foreach (var secret in (container.Env ?? []).Select(static variable => variable.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>())
                    Assert.Contains(secret.Key, All.Secrets.Single(one => one.Metadata.Name == secret.Name).StringData.Keys);
                Assert.NotNull(container.Resources.Requests["memory"]);
                Assert.NotNull(container.Resources.Limits["memory"]);
            }
        }

        foreach (var service in All.Services)
        {
            var served = All.Picked(service.Spec.Selector);
            Assert.NotEmpty(served);
            Assert.All(service.Spec.Ports, port => Assert.All(served, set => Assert.NotNull(Manifests.Port(set, port.TargetPort))));
        }

        Assert.All(All.Budgets, static budget => Assert.NotEmpty(All.Picked(budget.Spec.Selector.MatchLabels)));
        foreach (var policy in All.Policies)
        {
            var guarded = Assert.Single(All.Picked(policy.Spec.PodSelector.MatchLabels));
            foreach (var rule in policy.Spec.Ingress)
            {
                Assert.All(rule.FromProperty ?? [], static from => Assert.NotEmpty(All.Picked(from.PodSelector.MatchLabels)));
                Assert.All(rule.Ports, port => Assert.NotNull(Manifests.Port(guarded, port.Port)));
            }
        }
    }

    [Fact]
    public void Every_variable_is_a_setting_that_the_server_has()
    {
        Assert.All(All.Server.Env, static variable => Assert.True(KnownSettings.Has(variable.Name), variable.Name));
        Assert.Equal(All.Server.Env.Count, All.Server.Env.Select(static variable => variable.Name).Distinct().Count());
        Assert.All(Dockerfile.Read(Path.Combine(Checkout.Root, "deploy", "Dockerfile")).Environment.Keys, static name => Assert.True(KnownSettings.Has(name), name));
        foreach (var name in new[] { "Wharf__Cluster__Reddis", "Wharf__Auth__TokenKeys__0", "Wharf__Clusters__Redis", "Wharf__Cluster", "WHARF__Data", "Wharf__Auth__TokenKey" })
            Assert.False(KnownSettings.Has(name), name);
    }

    [Fact]
    public void The_ports_are_those_that_the_server_has()
    {
        var variables = All.Server.Env.ToDictionary(static variable => variable.Name, static variable => variable.Value);
        Assert.Equal("10000", $"{Manifests.Port(All.Wharf, "grpc")!.ContainerPort}");
        Assert.Equal(variables["Wharf__Cluster__SiloPort"], $"{Manifests.Port(All.Wharf, "silo")!.ContainerPort}");
        var store = All.Services.Single(static service => service.Metadata.Name == "wharf-redis");
        Assert.Equal(variables["Wharf__Cluster__Redis"], $"{store.Metadata.Name}:{Assert.Single(store.Spec.Ports).Port}");
    }

    [Fact]
    public void There_is_time_for_the_orderly_stop()
    {
        var before = int.Parse(Assert.Single(All.Server.Lifecycle.PreStop.Exec.Command, static word => int.TryParse(word, out _)), CultureInfo.InvariantCulture);
        var grace = TimeSpan.FromSeconds(All.Wharf.Spec.Template.Spec.TerminationGracePeriodSeconds!.Value);
        Assert.True(grace > TimeSpan.FromSeconds(before) + OrderlyStopTimes.All, "the stop is cut short");
        Assert.True(All.Wharf.Spec.Replicas > 1 && All.Budgets.Single().Spec.MaxUnavailable == "1", "a node may be taken away while another is away");
    }

    [Fact]
    public void Nobody_starts_it_with_secrets_that_everybody_knows() =>
        Assert.All(All.Secrets.SelectMany(static secret => secret.StringData), static pair => Assert.Empty(pair.Value));

    [Fact]
    public async Task Three_nodes_with_the_environment_of_the_manifests_are_one_cluster()
    {
        Assert.True(RedisServer.IsInstalled, "there is no redis-server on this machine");
        await using var redis = await RedisServer.StartAsync(Token);
        var secrets = new Dictionary<string, string> { ["psk"] = ServerProcess.Psk, ["token-key"] = Convert.ToBase64String(new byte[32]) };
        var pods = Enumerable.Range(0, All.Wharf.Spec.Replicas!.Value).Select(ordinal =>
            ServerProcess.StartAsync(All.Server.Env.ToDictionary(static variable => variable.Name, variable => (string?)ValueOf(variable, ordinal, redis, secrets)), Token)).ToList();
        try
        {
            var nodes = await Task.WhenAll(pods);
            await SameObject.OnAllAsync(ServerProcess.Psk, [.. nodes.Select(static node => node.Address)], Token);
            using var client = new HttpClient();
            foreach (var node in nodes)
            {
                foreach (var probe in new[] { All.Server.StartupProbe, All.Server.ReadinessProbe, All.Server.LivenessProbe })
                {
                    using var answer = await client.GetAsync(new Uri(node.Address, probe.HttpGet.Path), Token);
                    Assert.True(answer.IsSuccessStatusCode, probe.HttpGet.Path);
                }
            }

            // A pod that is taken away, and what the others are then.
            Assert.Equal(0, await nodes[1].StopAsync(Token));
            await SameObject.OnAllOnceSettledAsync(ServerProcess.Psk, [nodes[2].Address, nodes[0].Address], Token);
        }
        finally
        {
            foreach (var pod in pods.Where(static pod => pod.IsCompletedSuccessfully))
                await (await pod).DisposeAsync();
        }
    }

    // What the cluster's engine would put in. Every pod has an address of its own, so that the port between nodes is the one that is written there.
    private static string ValueOf(V1EnvVar variable, int ordinal, RedisServer redis, Dictionary<string, string> secrets) => variable switch
    {
        { Value: "wharf-redis:6379" } => $"127.0.0.1:{redis.Port}",
        { Value: { } value } => value,
        { ValueFrom.SecretKeyRef: { Name: "wharf", Key: var key } } => secrets[key],
        { ValueFrom.FieldRef.FieldPath: "metadata.namespace" } => "default",
        { ValueFrom.FieldRef.FieldPath: "status.podIP" } => Loopback.Address(ordinal + 10),
        _ => throw new NotSupportedException(variable.Name),
    };
}
