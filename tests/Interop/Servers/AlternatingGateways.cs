using Wharf.Processes;

namespace Wharf.Interop;

/// <summary>Two silos, two gateways, and the proxy in front of them that takes them in turn.</summary>
public sealed class AlternatingGateways : IServerUnderTest, IServerFactory
{
    private const string PortSetting = "Wharf__Port";
    private const int DefaultPort = 10_000;

    private readonly FourProcesses _cluster;
    private readonly AlternatingProxy _proxy;

    private AlternatingGateways(FourProcesses cluster, AlternatingProxy proxy) => (_cluster, _proxy) = (cluster, proxy);

    /// <summary>The port that clients are told.</summary>
    public int Port => _proxy.Port;

    /// <summary>Starts it all.</summary>
    public static async Task<IServerUnderTest> StartAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var ofProcesses = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>());
        var port = ofProcesses.Remove(PortSetting) ? DefaultPort : 0;
        var cluster = await FourProcesses.StartAsync(ofProcesses, cancellationToken);
        try
        {
            return new AlternatingGateways(cluster, await AlternatingProxy.StartAsync(port, cluster.Gateways, cancellationToken));
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _cluster.DisposeAsync();
    }
}
