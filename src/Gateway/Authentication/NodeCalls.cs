using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Authentication;

/// <summary>Tells the calls that nodes make among each other from those of clients.</summary>
internal sealed class NodeCalls(NodeTickets tickets)
{
    /// <summary>Admits a call that brings a node's ticket: in the place of a table's, or in a header.</summary>
    /// <param name="request">The first message, if it is there before the call begins.</param>
    /// <param name="context">The call.</param>
    /// <returns>False when it is no such call.</returns>
    public bool Admit(object? request, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var call = request is Wire.Ticket ticket ? tickets.Read(ticket.Ticket_.Span)
            : request is null && http.Request.Headers.ContainsKey(NodeTickets.Header) ? tickets.Read(context.RequestHeaders.GetValueBytes(NodeTickets.Header))
            : null;
        if (call is null)
            return false;
        http.Features.Set(call);
        return true;
    }
}
