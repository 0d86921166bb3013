using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Wharf.Protocol;

/// <summary>
/// Signs and verifies the tickets by which one node reads a table from another. A ticket is self-contained: it names one table, expires
/// after a short time, and can be created only with the keys of the nodes.
/// </summary>
/// <remarks>
/// A ticket is <c>n/</c>, its deadline (8 bytes, big-endian milliseconds), HMAC-SHA256 of everything else (32), the object id in UTF-8. The
/// caller, which has a clock, checks the deadline. Thread-safe.
/// </remarks>
public sealed class NodeTicketSigner
{
    private const int DeadlineOffset = 2;
    private const int MacOffset = DeadlineOffset + sizeof(long);
    private const int IdOffset = MacOffset + HMACSHA256.HashSizeInBytes;
    private const int MaxLength = 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[][] _keys;

    /// <summary>Creates a signer. The first key signs; all keys verify.</summary>
    /// <param name="keys">At least one, each of at least <see cref="SessionTokenSigner.MinKeyBytes"/> bytes.</param>
    /// <exception cref="ArgumentException">There is no key, or a key is too short.</exception>
    public NodeTicketSigner(IReadOnlyList<byte[]> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0 || keys.Any(static key => key is null || key.Length < SessionTokenSigner.MinKeyBytes))
            throw new ArgumentException(
                $"at least one key is required, each of at least {SessionTokenSigner.MinKeyBytes} bytes", nameof(keys));
        // The purpose is part of the derived key, so that a session token is never accepted as a node ticket.
        _keys = [.. keys.Select(static key => HMACSHA256.HashData(key, "wharf node ticket 1"u8))];
    }

    private static ReadOnlySpan<byte> Prefix => "n/"u8;

    /// <summary>Signs a ticket.</summary>
    /// <param name="objectId">The table.</param>
    /// <param name="deadlineUnixMilliseconds">The time from which the ticket is no longer valid.</param>
    /// <returns>The ticket's bytes.</returns>
    public byte[] Sign(string objectId, long deadlineUnixMilliseconds)
    {
        ArgumentException.ThrowIfNullOrEmpty(objectId);
        var ticket = new byte[IdOffset + Utf8.GetByteCount(objectId)];
        if (ticket.Length > MaxLength)
            throw new ArgumentException($"an object id must have at most {MaxLength - IdOffset} bytes", nameof(objectId));
        Prefix.CopyTo(ticket);
        BinaryPrimitives.WriteInt64BigEndian(ticket.AsSpan(DeadlineOffset), deadlineUnixMilliseconds);
        Utf8.GetBytes(objectId, ticket.AsSpan(IdOffset));
        ComputeMac(_keys[0], ticket, ticket.AsSpan(MacOffset, HMACSHA256.HashSizeInBytes));
        return ticket;
    }

    /// <summary>Verifies a ticket and reads it.</summary>
    /// <param name="ticket">Untrusted bytes.</param>
    /// <param name="objectId">The table.</param>
    /// <param name="deadlineUnixMilliseconds">The time from which the ticket is no longer valid; not checked here.</param>
    /// <returns>Whether one of the keys signed it.</returns>
    public bool TryVerify(ReadOnlySpan<byte> ticket, [NotNullWhen(true)] out string? objectId, out long deadlineUnixMilliseconds)
    {
        objectId = null;
        deadlineUnixMilliseconds = 0;
        if (ticket.Length is <= IdOffset or > MaxLength || !ticket.StartsWith(Prefix) || !IsSigned(ticket)
            || !TicketText.TryDecode(ticket[IdOffset..], out objectId))
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
