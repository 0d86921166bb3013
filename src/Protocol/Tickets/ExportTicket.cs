using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Wharf.Protocol;

/// <summary>An export of the caller's session: <c>e</c> and a little-endian number.</summary>
/// <param name="Id">Positive if the client assigned it, negative if the server did; 0 is not an export but marks the end of a list.</param>
public sealed record ExportTicket(int Id) : Ticket
{
    internal const byte Route = (byte)'e';

    /// <summary>The first element of the path of such a ticket.</summary>
    public const string Word = "export";
    internal const int Length = 5;

    /// <inheritdoc/>
    public override string Canonical => string.Create(CultureInfo.InvariantCulture, $"{Word}/{Id}");

    /// <inheritdoc/>
    public override byte[] ToBytes()
    {
        var bytes = new byte[Length];
        bytes[0] = Route;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), Id);
        return bytes;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ToPath() => [Word, Id.ToString(CultureInfo.InvariantCulture)];

    /// <summary>
    /// Returns a text that identifies this export in the whole cluster. The canonical text does not: an export ticket is relative to its
    /// session.
    /// </summary>
    /// <param name="sessionId">The session.</param>
    /// <returns><c>export/(session)/(id)</c>.</returns>
    /// <exception cref="ArgumentException">The session id is empty or contains a slash.</exception>
    public string CanonicalIn(string sessionId)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionId);
        if (sessionId.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException("a session id must not contain a slash", nameof(sessionId));
        return string.Create(CultureInfo.InvariantCulture, $"{Word}/{sessionId}/{Id}");
    }

    /// <summary>Parses a text written by <see cref="CanonicalIn"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="ticket">The export within it.</param>
    /// <returns>Whether the text is of this form.</returns>
    public static bool TryParseCanonicalIn(
        string text, [NotNullWhen(true)] out string? sessionId, [NotNullWhen(true)] out ExportTicket? ticket)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/', 4);
        if (parts is [Word, { Length: > 0 } session, var number] && TryParseId(number, out int id) && new ExportTicket(id)
            .CanonicalIn(session) == text)
        {
            sessionId = session;
            ticket = new ExportTicket(id);
            return true;
        }
        sessionId = null;
        ticket = null;
        return false;
    }

    // int.TryParse ignores trailing NUL characters; a text that ends in one is not a number here.
    internal static bool TryParseId(ReadOnlySpan<char> text, out int id)
    {
        id = 0;
        return !text.Contains('\0') && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id);
    }
}
