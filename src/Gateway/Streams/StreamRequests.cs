using System.Collections.Immutable;
using Google.Protobuf;
using Wharf.Gateway.Services;
using Wharf.Grains;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>What may come on a stream, in which order. Checked as it arrives, whatever still waits before it.</summary>
internal sealed class StreamRequests(int maxTicketLength)
{
    private bool _connected;

    /// <summary>Checks the next message.</summary>
    /// <exception cref="FaultException">It may not come, or not now.</exception>
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

    /// <summary>Reads which object is meant, and of which type.</summary>
    /// <exception cref="FaultException">One of the two is missing.</exception>
    public static InboundMessage ReadConnect(Wire.TypedTicket? source, int maxTicketLength)
    {
        if (string.IsNullOrEmpty(source?.Type))
            throw new FaultException(FaultCode.InvalidArgument, StatusTexts.NoTypeSupplied);
        if (Tickets.IsMissing(source.Ticket))
            throw new FaultException(FaultCode.InvalidArgument, StatusTexts.NoTicketSupplied);
        return new InboundMessage(ByteString.Empty, [Tickets.ReadSource(source.Ticket.Ticket_, maxTicketLength)], source.Type);
    }

    // The type that a client gives with a reference says nothing: the object knows its own.
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
