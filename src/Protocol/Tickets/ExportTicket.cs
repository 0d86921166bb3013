using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Wharf.Protocol;

/// <summary>An export of the caller's session: <c>e</c> and a little-endian number.</summary>
/// <param name="Id">Positive when the client chose it, negative when the server did; 0 is no export but marks the end of a list.</param>
public sealed record ExportTicket(int Id) : Ticket
{
    internal const byte Route = (byte)'e';

    /// <summary>What the path of such a ticket begins with.</summary>
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
    /// The text that means this export to everyone. An export ticket means something only within its session, so its canonical text alone does not
    /// say which export it is.
    /// </summary>
    /// <param name="sessionId">The session.</param>
    /// <returns><c>export/(session)/(id)</c>.</returns>
    /// <exception cref="ArgumentException">The session id is empty or contains a slash.</exception>
    public string CanonicalIn(string sessionId)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionId);
        if (sessionId.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException("a session id has no slash", nameof(sessionId));
        return string.Create(CultureInfo.InvariantCulture, $"{Word}/{sessionId}/{Id}");
    }

    /// <summary>Reads what <see cref="CanonicalIn"/> wrote.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="ticket">The export within it.</param>
    /// <returns>Whether the text is of this form.</returns>
    public static bool TryParseCanonicalIn(string text, [NotNullWhen(true)] out string? sessionId, [NotNullWhen(true)] out ExportTicket? ticket)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/', 4);
        if (parts is [Word, { Length: > 0 } session, var number] && TryParseId(number, out int id) && new ExportTicket(id).CanonicalIn(session) == text)
        {
            sessionId = session;
            ticket = new ExportTicket(id);
            return true;
        }
        sessionId = null;
        ticket = null;
        return false;
    }

    // The framework's parser takes zero characters after a number for granted; a name that ends in one is not that number.
    internal static bool TryParseId(ReadOnlySpan<char> text, out int id)
    {
        id = 0;
        return !text.Contains('\0') && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id);
    }
}
