using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Wharf.Server.Hosting;

/// <summary>This node of the cluster. Section <c>Wharf:Node</c>.</summary>
public sealed class NodeOptions
{
    /// <summary>The client port of a silo that is told no other.</summary>
    internal const int UsualClientPort = EndpointOptions.DEFAULT_GATEWAY_PORT;

    /// <summary>
    /// The port for Orleans clients, gateways without a silo among them, at the address of the silo's own port; 0 for none. By default 30000 on a silo without a gateway, and none on
    /// any other node.
    /// </summary>
    public int ClientPort { get; set; }

    /// <summary>Opens the port, if there is one.</summary>
    internal void ListenForClients(EndpointOptions endpoint, IPAddress address)
    {
        endpoint.GatewayPort = ClientPort;
        endpoint.GatewayListeningEndpoint = ClientPort == 0 ? null : new IPEndPoint(address, ClientPort);
    }
}

/// <summary>Names the setting that is wrong.</summary>
internal sealed class NodeOptionsValidator : IValidateOptions<NodeOptions>
{
    public ValidateOptionsResult Validate(string? name, NodeOptions options) =>
        options.ClientPort is >= 0 and <= IPEndPoint.MaxPort
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Wharf:Node:ClientPort is not a port (0 to 65535), but {options.ClientPort}");
}
