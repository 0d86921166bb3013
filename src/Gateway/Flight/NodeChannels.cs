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

/// <summary>One connection to the Flight service of each other node, made when it is first needed. A node asks for its own address anew when it comes back: it has another name then.</summary>
internal sealed class NodeChannels(IGrainFactory grains, IOptions<NodeConnectionOptions> connection) : IDisposable
{
    private const int StreamWindow = 8 * 1024 * 1024;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<SiloAddress, GrpcChannel> _channels = new();

    /// <summary>What is said of a node that does not answer.</summary>
    public static FaultException Unreachable() => new(FaultCode.Unavailable, "The node of the table cannot be reached");

    /// <summary>The connection to a node, or null when the node is gone.</summary>
    /// <exception cref="FaultException">UNAVAILABLE: it does not answer.</exception>
    public async ValueTask<GrpcChannel?> FindAsync(SiloAddress node, CancellationToken cancellationToken)
    {
        if (_channels.TryGetValue(node, out var known))
            return known;
        string address;
        try
        {
            address = await GrainCalls.RetryOnceAsync(grains.GetNode(node), static (grain, token) => grain.GetFlightAddressAsync(token), cancellationToken);
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

    /// <summary>What the failure of a call to a node means here. A node that does not answer is forgotten; if it does later, it is found again.</summary>
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
            // A node that is cut off must not hold up who reads from it.
            KeepAlivePingDelay = Silence,
            KeepAlivePingTimeout = Silence,
            ConnectTimeout = Silence,
            UseProxy = false,
            SslOptions = connection.Value.Tls,
        },
        DisposeHttpClient = true,
        MaxReceiveMessageSize = null,
    });
}
