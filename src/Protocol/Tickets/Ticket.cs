using System.Diagnostics.CodeAnalysis;

namespace Wharf.Protocol;

/// <summary>
/// A parsed ticket: it names an object or a table on the server. Each ticket has up to three equivalent forms: the bytes on the wire, the
/// path of a Flight descriptor, and one canonical text, which is sufficient to resolve the ticket on any node of a cluster.
/// </summary>
/// <remarks>Two tickets are equal if they have the same kind and the same name.</remarks>
public abstract record Ticket
{
    /// <summary>The default maximum length of a ticket, in bytes.</summary>
    public const int DefaultMaxLength = 4096;

    private protected Ticket()
    {
    }

    /// <summary>The canonical text: equal tickets have equal texts, and different tickets have different texts.</summary>
    /// <remarks>The text of a shared ticket contains its secret; use <see cref="ToString"/> in logs.</remarks>
    public abstract string Canonical { get; }

    /// <summary>Writes the bytes of the ticket.</summary>
    /// <returns>A new array.</returns>
    public abstract byte[] ToBytes();

    /// <summary>Writes the path of a Flight descriptor.</summary>
    /// <returns>The path, or null for a kind without one.</returns>
    public abstract IReadOnlyList<string>? ToPath();

    /// <summary>Returns a text for messages and logs: the canonical text, without secrets.</summary>
    /// <returns>The text.</returns>
    public sealed override string ToString() => Display;

    /// <summary>The result of <see cref="ToString"/>.</summary>
    private protected virtual string Display => Canonical;

    /// <summary>Parses the bytes of a ticket.</summary>
    /// <param name="bytes">The bytes from the wire; they are copied.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="error">The error, if the bytes are not a ticket.</param>
    /// <param name="maxLength">The maximum length, in bytes.</param>
    /// <returns>Whether the bytes are a ticket.</returns>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Ticket? ticket, [NotNullWhen(false)] out TicketError? error,
        int maxLength = DefaultMaxLength) =>
        TicketBytes.TryRead(bytes, maxLength, out ticket, out error);

    /// <summary>Parses the bytes of a ticket.</summary>
    /// <param name="bytes">The bytes from the wire; they are copied.</param>
    /// <param name="maxLength">The maximum length, in bytes.</param>
    /// <returns>The ticket.</returns>
    /// <exception cref="TicketFormatException">The bytes are not a ticket.</exception>
    public static Ticket Parse(ReadOnlySpan<byte> bytes, int maxLength = DefaultMaxLength) =>
        TryParse(bytes, out var ticket, out var error, maxLength) ? ticket : throw new TicketFormatException(error);

    /// <summary>Parses the path of a Flight descriptor.</summary>
    /// <param name="path">The path.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="error">The error, if the path does not name a ticket.</param>
    /// <param name="maxLength">The maximum length of the ticket, in bytes.</param>
    /// <returns>Whether the path names a ticket.</returns>
    public static bool TryParsePath(
        IReadOnlyList<string> path, [NotNullWhen(true)] out Ticket? ticket, [NotNullWhen(false)] out TicketError? error,
        int maxLength = DefaultMaxLength) =>
        TicketPath.TryRead(path, maxLength, out ticket, out error);

    /// <summary>Parses the path of a Flight descriptor.</summary>
    /// <param name="path">The path.</param>
    /// <param name="maxLength">The maximum length of the ticket, in bytes.</param>
    /// <returns>The ticket.</returns>
    /// <exception cref="TicketFormatException">The path does not name a ticket.</exception>
    public static Ticket ParsePath(IReadOnlyList<string> path, int maxLength = DefaultMaxLength) =>
        TryParsePath(path, out var ticket, out var error, maxLength) ? ticket : throw new TicketFormatException(error);

    /// <summary>Parses a canonical text.</summary>
    /// <param name="canonical">The text.</param>
    /// <param name="ticket">The ticket.</param>
    /// <returns>Whether the text is the canonical text of a ticket.</returns>
    public static bool TryParseCanonical(string canonical, [NotNullWhen(true)] out Ticket? ticket) =>
        TicketCanonical.TryRead(canonical, out ticket);

    /// <summary>Parses a canonical text.</summary>
    /// <param name="canonical">The text.</param>
    /// <returns>The ticket.</returns>
    /// <exception cref="TicketFormatException">The text is not the canonical text of a ticket.</exception>
    public static Ticket ParseCanonical(string canonical) =>
        TryParseCanonical(canonical, out var ticket) ? ticket : throw new TicketFormatException(TicketErrors.NotCanonical(canonical));
}
