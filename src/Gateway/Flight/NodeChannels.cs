using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Wharf.Gateway.Errors;
using Wharf.Grains;
using Wharf.Grains.Nodes;

namespace Wharf.Gateway.Flight;

/// <summary>Keeps one channel to the Flight service of each other node, and opens it at the first use. A restarted node has another silo address, and so another channel.</summary>
internal sealed class NodeChannels(IGrainFactory grains, IOptions<NodeConnectionOptions> connection) : IDisposable
{
    private const int StreamWindow = 8 * 1024 * 1024;
    private static readonly TimeSpan ConnectionTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<SiloAddress, GrpcChannel> _channels = new();

    /// <summary>Creates the failure for a node that does not answer.</summary>
    public static FaultException Unreachable() => new(FaultCode.Unavailable, "The node of the table cannot be reached");

    /// <summary>Returns the channel to a node, or null if the node is lost.</summary>
    /// <exception cref="FaultException">UNAVAILABLE: the node does not answer.</exception>
    public async ValueTask<GrpcChannel?> FindAsync(SiloAddress node, CancellationToken cancellationToken)
    {
        if (_channels.TryGetValue(node, out var known))
            return known;
        string address;
        try
        {
            address = await GrainCallRetry.RetryOnceAsync(grains.GetNode(node), static (grain, token) => grain.GetFlightAddressAsync(token), cancellationToken);
        }
        catch (FaultException gone) when (gone.Fault.Code == FaultCode.DataLoss)
        {
            return null;
        }
        catch (Exception lost) when (lost is TimeoutException || FaultTranslation.IsTransient(lost))
        {
            throw Unreachable();
        }

        var opened = Open(address);
        var channel = _channels.GetOrAdd(node, opened);
        if (channel != opened)
            opened.Dispose();
        return channel;
    }

    /// <summary>Converts the failure of a call to a node. It closes the channel to a node that does not answer; the next call opens another.</summary>
    public FaultException Explain(SiloAddress node, GrpcChannel channel, Exception failure)
    {
        if (failure is not RpcException { StatusCode: not StatusCode.Unavailable and not StatusCode.Cancelled } answered)
        {
            if (_channels.TryRemove(KeyValuePair.Create(node, channel)))
                channel.Dispose();
            return Unreachable();
        }

        return answered.StatusCode is StatusCode.DataLoss or StatusCode.InvalidArgument or StatusCode.ResourceExhausted
            ? new FaultException((FaultCode)(int)answered.StatusCode, answered.Status.Detail)
            : Unreachable();
    }

    public void Dispose()
    {
        foreach (var channel in _channels.Values)
            channel.Dispose();
    }

    private GrpcChannel Open(string address) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            InitialHttp2StreamWindowSize = StreamWindow,
            EnableMultipleHttp2Connections = true,
            // Detects a node that is disconnected from the network, so that reads from it do not hang.
            KeepAlivePingDelay = ConnectionTimeout,
            KeepAlivePingTimeout = ConnectionTimeout,
            ConnectTimeout = ConnectionTimeout,
            UseProxy = false,
            SslOptions = connection.Value.Tls,
        },
        DisposeHttpClient = true,
        MaxReceiveMessageSize = null,
    });
}
