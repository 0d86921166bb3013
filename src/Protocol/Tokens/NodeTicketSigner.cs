using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Wharf.Protocol;

/// <summary>
/// Makes and checks the tickets by which one node reads a table from another. Such a ticket proves itself: only who has the nodes' keys can make one, it names one table,
/// and it is good for a short time. Without the proof it is no ticket at all.
/// </summary>
/// <remarks>
/// A ticket is <c>n/</c>, its deadline (8 bytes, big-endian milliseconds), HMAC-SHA256 of everything else (32), the object id in UTF-8. That the deadline has
/// passed is for the caller to say, who has a clock. Safe to use from many threads.
/// </remarks>
public sealed class NodeTicketSigner
{
    private const int DeadlineOffset = 2;
    private const int MacOffset = DeadlineOffset + sizeof(long);
    private const int IdOffset = MacOffset + HMACSHA256.HashSizeInBytes;
    private const int MaxLength = 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[][] _keys;

    /// <summary>Takes the keys: the first signs, all verify.</summary>
    /// <param name="keys">At least one, each of at least <see cref="SessionTokenSigner.MinKeyBytes"/> bytes.</param>
    /// <exception cref="ArgumentException">There is no key, or one is too short.</exception>
    public NodeTicketSigner(IReadOnlyList<byte[]> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0 || keys.Any(static key => key is null || key.Length < SessionTokenSigner.MinKeyBytes))
            throw new ArgumentException($"there must be a key, and each has at least {SessionTokenSigner.MinKeyBytes} bytes", nameof(keys));
        // The purpose goes into the key: a session's token is never taken for a node's ticket.
        _keys = [.. keys.Select(static key => HMACSHA256.HashData(key, "wharf node ticket 1"u8))];
    }

    private static ReadOnlySpan<byte> Prefix => "n/"u8;

    /// <summary>Makes a ticket.</summary>
    /// <param name="objectId">The table.</param>
    /// <param name="deadlineUnixMilliseconds">From when on the ticket is no longer good.</param>
    /// <returns>The ticket's bytes.</returns>
    public byte[] Sign(string objectId, long deadlineUnixMilliseconds)
    {
        ArgumentException.ThrowIfNullOrEmpty(objectId);
        var ticket = new byte[IdOffset + Utf8.GetByteCount(objectId)];
        if (ticket.Length > MaxLength)
            throw new ArgumentException($"an object id has at most {MaxLength - IdOffset} bytes", nameof(objectId));
        Prefix.CopyTo(ticket);
        BinaryPrimitives.WriteInt64BigEndian(ticket.AsSpan(DeadlineOffset), deadlineUnixMilliseconds);
        Utf8.GetBytes(objectId, ticket.AsSpan(IdOffset));
        ComputeMac(_keys[0], ticket, ticket.AsSpan(MacOffset, HMACSHA256.HashSizeInBytes));
        return ticket;
    }

    /// <summary>Checks a ticket and reads it.</summary>
    /// <param name="ticket">Anything that a caller may have sent.</param>
    /// <param name="objectId">The table.</param>
    /// <param name="deadlineUnixMilliseconds">From when on the ticket is no longer good; not looked at here.</param>
    /// <returns>Whether one of the keys signed it.</returns>
    public bool TryVerify(ReadOnlySpan<byte> ticket, [NotNullWhen(true)] out string? objectId, out long deadlineUnixMilliseconds)
    {
        objectId = null;
        deadlineUnixMilliseconds = 0;
        if (ticket.Length is <= IdOffset or > MaxLength || !ticket.StartsWith(Prefix) || !IsSigned(ticket) || !TicketText.TryDecode(ticket[IdOffset..], out objectId))
            return false;
        deadlineUnixMilliseconds = BinaryPrimitives.ReadInt64BigEndian(ticket[DeadlineOffset..]);
        return true;
    }

    private bool IsSigned(ReadOnlySpan<byte> ticket)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var signed = false;
        foreach (var key in _keys)
        {
            ComputeMac(key, ticket, mac);
            signed |= CryptographicOperations.FixedTimeEquals(mac, ticket.Slice(MacOffset, HMACSHA256.HashSizeInBytes));
        }

        return signed;
    }

    private static void ComputeMac(byte[] key, ReadOnlySpan<byte> ticket, Span<byte> mac)
    {
        Span<byte> signed = stackalloc byte[ticket.Length - HMACSHA256.HashSizeInBytes];
        ticket[..MacOffset].CopyTo(signed);
        ticket[IdOffset..].CopyTo(signed[MacOffset..]);
        HMACSHA256.HashData(key, signed, mac);
    }
}
