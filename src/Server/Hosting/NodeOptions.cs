using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Wharf.Server.Hosting;

/// <summary>Options of this node. Section <c>Wharf:Node</c>.</summary>
public sealed class NodeOptions
{
    /// <summary>The default client port of a silo without a gateway.</summary>
    internal const int DefaultClientPort = EndpointOptions.DEFAULT_GATEWAY_PORT;

    /// <summary>
    /// The port for Orleans clients, including gateways without a silo, at the address of the silo port; 0 for none. The default is 30000 on a silo without a gateway, and 0 on other
    /// nodes.
    /// </summary>
    public int ClientPort { get; set; }

    /// <summary>Adds the port to the endpoint, if there is one.</summary>
    internal void ListenForClients(EndpointOptions endpoint, IPAddress address)
    {
        endpoint.GatewayPort = ClientPort;
        endpoint.GatewayListeningEndpoint = ClientPort == 0 ? null : new IPEndPoint(address, ClientPort);
    }
}

/// <summary>Validates the options and names each invalid setting.</summary>
internal sealed class NodeOptionsValidator : IValidateOptions<NodeOptions>
{
    public ValidateOptionsResult Validate(string? name, NodeOptions options) =>
        options.ClientPort is >= 0 and <= IPEndPoint.MaxPort
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Wharf:Node:ClientPort must be a port from 0 to 65535 (found: {options.ClientPort})");
}
