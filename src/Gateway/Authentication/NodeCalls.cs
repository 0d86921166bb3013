using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Wharf.Gateway.Edge;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Authentication;

/// <summary>Distinguishes the calls between nodes from the calls of clients.</summary>
internal sealed class NodeCalls(NodeTickets tickets)
{
    private static readonly string Read = $"/{Wire.FlightService.Descriptor.FullName}/{nameof(Wire.FlightService.FlightServiceBase.DoGet)}";
    private static readonly string Store = $"/{Wire.FlightService.Descriptor.FullName}/{nameof(Wire.FlightService.FlightServiceBase.DoPut)}";

    /// <summary>Returns whether nodes call a method.</summary>
    public static bool IsOfNodes(string method) => method == Read || method == Store;

    /// <summary>Admits a call that has a node's ticket in a header.</summary>
    /// <returns>False for any other call.</returns>
    public bool Admit(HttpContext http) =>
        IsOfNodes(http.Request.Path.Value!) && http.Request.Headers.TryGetValue(NodeTickets.Header, out var header) && BinaryHeader.Read(header[^1]) is { } ticket
        && Admit(http, tickets.Read(ticket));

    /// <summary>Admits a call that has a node's ticket in place of a table's.</summary>
    /// <param name="request">The first message.</param>
    /// <param name="context">The call.</param>
    /// <returns>False for any other call.</returns>
    public bool Admit(object? request, ServerCallContext context) =>
        request is Wire.Ticket ticket && Admit(context.GetHttpContext(), tickets.Read(ticket.Ticket_.Span));

    private static bool Admit(HttpContext http, NodeCall? call)
    {
        if (call is null)
            return false;
        http.Features.Set(call);
        UnauthenticatedCall.Of(http)?.Leave();
        return true;
    }
}
