using Grpc.Core;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Hosting;
using Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Edge;

/// <summary>The maximum length of the request of each call that sends one message.</summary>
internal sealed class RequestLimits(IOptions<GatewayOptions> options)
{
    // Requests that consist of tickets and names have room for a few tickets of maximum length.
    private const int NamesBytes = 64 * 1024;
    private const int MaxTickets = 8;

    private static readonly string Objects = ObjectService.Descriptor.FullName;
    private static readonly string Tables = TableService.Descriptor.FullName;

    private static readonly HashSet<string> SmallServices = new(StringComparer.Ordinal)
    {
        SessionService.Descriptor.FullName, ConfigService.Descriptor.FullName, ApplicationService.Descriptor.FullName, "grpc.health.v1.Health",
    };

    private static readonly HashSet<string> SmallTableCalls = new(StringComparer.Ordinal)
    {
        "EmptyTable", "FetchTable", "GetExportedTableCreationResponse", "ExportedTableUpdates",
    };

    private readonly GatewayOptions _options = options.Value;

    /// <summary>Returns the limit of a call with a session, in bytes.</summary>
    public int Of(IMethod method)
    {
        if (IsMessage(method))
            return _options.MaxMessageBytes;
        bool isSmall = SmallServices.Contains(method.ServiceName)
            || (method.ServiceName == Tables && SmallTableCalls.Contains(method.Name))
            || (method.ServiceName == Objects && method.Name == "FetchObject");
        return isSmall ? Math.Min(_options.MaxRequestBytes, NamesBytes + (MaxTickets * _options.MaxTicketBytes)) : _options.MaxRequestBytes;
    }

    /// <summary>The limit of a call without a session, in bytes.</summary>
    public int WithoutSession => _options.MaxRequestBytesWithoutSession;

    /// <summary>Returns whether the request is a message of a stream that a browser opened as two calls.</summary>
    public static bool IsMessage(IMethod method) => method.ServiceName == Objects && method.Name is "OpenMessageStream" or "NextMessageStream";
}
