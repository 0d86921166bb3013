using Google.Protobuf;
using Wharf.Protocol;

namespace Wharf.Client;

/// <summary>A ticket and the type of the object that it names.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Type">The name of the type; empty if it is unknown.</param>
public sealed record TypedTicket(Ticket Ticket, string Type)
{
    internal Protocol.Grpc.TypedTicket ToWire() => new() { Ticket = Ticket.ToWire(), Type = Type };

    internal static TypedTicket FromWire(Protocol.Grpc.TypedTicket? ticket) => new(TicketWire.FromWire(ticket?.Ticket), ticket?.Type ?? "");
}

/// <summary>Converts tickets from and to the messages of the protocol.</summary>
internal static class TicketWire
{
    public static Protocol.Grpc.Ticket ToWire(this Ticket ticket) => new() { Ticket_ = UnsafeByteOperations.UnsafeWrap(ticket.ToBytes()) };

    public static Protocol.Grpc.TableReference ToReference(this Ticket ticket) => new() { Ticket = ticket.ToWire() };

    public static Ticket FromWire(Protocol.Grpc.Ticket? ticket) =>
        Ticket.TryParse((ticket?.Ticket_ ?? ByteString.Empty).Span, out var parsed, out var error, int.MaxValue)
        ? parsed
        : throw new WharfException("the server sent a ticket that cannot be read: " + error.Status.Text);
}
