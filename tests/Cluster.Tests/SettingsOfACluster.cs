using Wharf.Processes;

namespace Wharf.Cluster.Tests;

/// <summary>A node of a cluster does not start on settings that would leave it open, or alone; it says which one it is.</summary>
public sealed class SettingsOfACluster
{
    private const string Key = "YSB0b2tlbiBrZXkgb2YgdGhlIHRlc3RzLCAzMiBieXRlcw==";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Wharf:Auth:TokenKey is missing", "Wharf__Auth__TokenKey__0", null)]
    [InlineData("Wharf:Auth:Psk is missing", "Wharf__Auth__Psk", null)]
    [InlineData("Wharf:Cluster:AllowInsecure is not set", "Wharf__Cluster__AdvertisedAddress", "192.0.2.1")]
    [InlineData("Wharf:Cluster:SiloPort must be a port", "Wharf__Cluster__SiloPort", "0")]
    [InlineData("Wharf:Cluster:Redis and Wharf:Cluster:Postgres are both set", "Wharf__Cluster__Postgres", "Host=localhost")]
    [InlineData("Wharf:Cluster:ProbeTimeout must be at least", "Wharf__Cluster__ProbeTimeout", "00:00:00")]
    [InlineData("Wharf:Role is 'boss', but must be all, silo or gateway", "Wharf__Role", "boss")]
    [InlineData("Wharf:Cluster:MissedProbes must be at least", "Wharf__Cluster__MissedProbes", "0")]
    public async Task The_wrong_setting_is_named(string told, string setting, string? value)
    {
        var settings = new Dictionary<string, string?> { ["Wharf__Cluster__Redis"] = "127.0.0.1:1", ["Wharf__Auth__TokenKey__0"] = Key };
        settings[setting] = value;
        await using var process = ServerProcess.Launch(settings);
        Assert.Equal(1, await process.ExitAsync(Token));
        Assert.Contains("Wharf cannot start: " + told, process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public async Task Half_a_server_does_not_start_without_a_cluster(string role)
    {
        await using var process = ServerProcess.Launch(new Dictionary<string, string?> { ["Wharf__Role"] = role });
        Assert.Equal(1, await process.ExitAsync(Token));
        Assert.Contains($"Wharf cannot start: Wharf:Role is {role}, but there is no cluster", process.Output, StringComparison.Ordinal);
    }
}
