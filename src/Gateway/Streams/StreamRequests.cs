using System.Collections.Immutable;
using Google.Protobuf;
using Wharf.Gateway.Sessions;
using Wharf.Grains;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>Validates the messages of a stream and their order, as they arrive.</summary>
internal sealed class StreamRequests(int maxTicketLength)
{
    private bool _connected;

    /// <summary>Validates the next message.</summary>
    /// <exception cref="FaultException">The message is invalid, or not allowed at this position.</exception>
    public InboundMessage Check(Wire.StreamRequest request)
    {
        switch (request.MessageCase)
        {
            case Wire.StreamRequest.MessageOneofCase.Connect:
                if (_connected)
                    throw new FaultException(FaultCode.FailedPrecondition, StatusTexts.AlreadyConnected);
                var connect = ReadConnect(request.Connect.SourceId, maxTicketLength);
                _connected = true;
                return connect;
            case Wire.StreamRequest.MessageOneofCase.Data:
                if (!_connected)
                    throw new FaultException(FaultCode.InvalidArgument, StatusTexts.DataBeforeConnect);
                return new InboundMessage(request.Data.Payload, ReadReferences(request.Data), connectType: null);
            default:
                throw new FaultException(FaultCode.InvalidArgument, StatusTexts.MustHaveOneof(Wire.StreamRequest.Descriptor.FullName, "message"));
        }
    }

    /// <summary>Reads the ticket and the type of an object.</summary>
    /// <exception cref="FaultException">The ticket or the type is missing.</exception>
    public static InboundMessage ReadConnect(Wire.TypedTicket? source, int maxTicketLength)
    {
        if (string.IsNullOrEmpty(source?.Type))
            throw new FaultException(FaultCode.InvalidArgument, StatusTexts.NoTypeSupplied);
        if (Tickets.IsMissing(source.Ticket))
            throw new FaultException(FaultCode.InvalidArgument, StatusTexts.NoTicketSupplied);
        return new InboundMessage(ByteString.Empty, [Tickets.ReadSource(source.Ticket.Ticket_, maxTicketLength)], source.Type);
    }

    // The type in a client's reference is ignored: the object determines it.
    private ImmutableArray<string> ReadReferences(Wire.ClientData data)
    {
        if (data.References.Count == 0)
            return [];
        var tickets = ImmutableArray.CreateBuilder<string>(data.References.Count);
        foreach (var reference in data.References)
            tickets.Add(Tickets.ReadSource(reference.Ticket?.Ticket_ ?? ByteString.Empty, maxTicketLength));
        return tickets.MoveToImmutable();
    }
}
