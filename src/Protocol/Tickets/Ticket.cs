using System.Diagnostics.CodeAnalysis;

namespace Wharf.Protocol;

/// <summary>
/// The meaning of a ticket: the name of something on the server. Each has up to three forms that mean the same: the bytes on the wire, the path
/// of a Flight descriptor, and one canonical text, from which alone the answer can be found anywhere in a cluster.
/// </summary>
/// <remarks>Two tickets are equal when they name the same thing by the same route.</remarks>
public abstract record Ticket
{
    /// <summary>The longest ticket that is read when the caller sets no other limit, in bytes.</summary>
    public const int DefaultMaxLength = 4096;

    private protected Ticket()
    {
    }

    /// <summary>The one text of this ticket: equal tickets have equal texts, different tickets different ones.</summary>
    /// <remarks>The text of a shared ticket contains its secret; logs take <see cref="ToString"/>.</remarks>
    public abstract string Canonical { get; }

    /// <summary>Writes the bytes that go over the wire.</summary>
    /// <returns>A new array.</returns>
    public abstract byte[] ToBytes();

    /// <summary>Writes the path of a Flight descriptor.</summary>
    /// <returns>The path, or null for a kind that has none.</returns>
    public abstract IReadOnlyList<string>? ToPath();

    /// <summary>Names the ticket for people: the canonical text, without secrets.</summary>
    /// <returns>The text.</returns>
    public sealed override string ToString() => Display;

    /// <summary>What <see cref="ToString"/> says.</summary>
    private protected virtual string Display => Canonical;

    /// <summary>Reads the bytes of a ticket.</summary>
    /// <param name="bytes">The bytes from the wire; they are copied.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="error">Why there is none.</param>
    /// <param name="maxLength">The most bytes that are read.</param>
    /// <returns>Whether the bytes are a ticket.</returns>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Ticket? ticket, [NotNullWhen(false)] out TicketError? error, int maxLength = DefaultMaxLength) =>
        TicketBytes.TryRead(bytes, maxLength, out ticket, out error);

    /// <summary>Reads the bytes of a ticket.</summary>
    /// <param name="bytes">The bytes from the wire; they are copied.</param>
    /// <param name="maxLength">The most bytes that are read.</param>
    /// <returns>The ticket.</returns>
    /// <exception cref="TicketFormatException">The bytes are not a ticket.</exception>
    public static Ticket Parse(ReadOnlySpan<byte> bytes, int maxLength = DefaultMaxLength) =>
        TryParse(bytes, out var ticket, out var error, maxLength) ? ticket : throw new TicketFormatException(error);

    /// <summary>Reads the path of a Flight descriptor.</summary>
    /// <param name="path">The path.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="error">Why there is none.</param>
    /// <param name="maxLength">The most bytes that the ticket may have.</param>
    /// <returns>Whether the path names a ticket.</returns>
    public static bool TryParsePath(
        IReadOnlyList<string> path, [NotNullWhen(true)] out Ticket? ticket, [NotNullWhen(false)] out TicketError? error, int maxLength = DefaultMaxLength) =>
        TicketPath.TryRead(path, maxLength, out ticket, out error);

    /// <summary>Reads the path of a Flight descriptor.</summary>
    /// <param name="path">The path.</param>
    /// <param name="maxLength">The most bytes that the ticket may have.</param>
    /// <returns>The ticket.</returns>
    /// <exception cref="TicketFormatException">The path names no ticket.</exception>
    public static Ticket ParsePath(IReadOnlyList<string> path, int maxLength = DefaultMaxLength) =>
        TryParsePath(path, out var ticket, out var error, maxLength) ? ticket : throw new TicketFormatException(error);

    /// <summary>Reads a canonical text.</summary>
    /// <param name="canonical">The text.</param>
    /// <param name="ticket">The ticket.</param>
    /// <returns>Whether the text is the canonical text of a ticket.</returns>
    public static bool TryParseCanonical(string canonical, [NotNullWhen(true)] out Ticket? ticket) => TicketCanonical.TryRead(canonical, out ticket);

    /// <summary>Reads a canonical text.</summary>
    /// <param name="canonical">The text.</param>
    /// <returns>The ticket.</returns>
    /// <exception cref="TicketFormatException">No ticket has this canonical text.</exception>
    public static Ticket ParseCanonical(string canonical) =>
        TryParseCanonical(canonical, out var ticket) ? ticket : throw new TicketFormatException(TicketErrors.NotCanonical(canonical));
}
