using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Wharf.Protocol;

/// <summary>
/// Signs and verifies session tokens. A token is self-contained: any node with the keys can identify the session without a call. The first
/// key signs and all keys verify, so that keys can be replaced while the server runs.
/// </summary>
/// <remarks>
/// A token is <c>w1.</c> and base64url of: the time of issue (8 bytes, big-endian), its deadline (8), HMAC-SHA256 of everything else (32),
/// the session id in UTF-8. The caller, which has a clock, checks the deadline. Thread-safe.
/// </remarks>
public sealed class SessionTokenSigner
{
    /// <summary>The minimum size of a key, in bytes.</summary>
    public const int MinKeyBytes = 32;

    /// <summary>The maximum length of a token, in characters.</summary>
    public const int MaxTokenLength = 200;

    /// <summary>The maximum length of a session id, in bytes of UTF-8.</summary>
    public const int MaxSessionIdBytes = 96;

    private const string Version = "w1.";
    private const int MacOffset = 16;
    private const int MacBytes = HMACSHA256.HashSizeInBytes;
    private const int IdOffset = MacOffset + MacBytes;
    private const int MaxBytes = IdOffset + MaxSessionIdBytes;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[][] _keys;

    /// <summary>Creates a signer.</summary>
    /// <param name="keys">At least one, each of at least <see cref="MinKeyBytes"/> bytes; they are copied.</param>
    /// <exception cref="ArgumentException">There is no key, or a key is too short.</exception>
    public SessionTokenSigner(IReadOnlyList<byte[]> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0)
            throw new ArgumentException("at least one token key is required", nameof(keys));
        if (keys.Any(key => key is null || key.Length < MinKeyBytes))
            throw new ArgumentException($"a token key must have at least {MinKeyBytes} bytes", nameof(keys));
        // The purpose is part of the derived key, so that data signed with the same secret for another purpose is never accepted as a
        // session token.
        _keys = [.. keys.Select(key => HMACSHA256.HashData(key, "wharf session token 1"u8))];
    }

    /// <summary>
    /// Returns whether a text has the form of a session token, without verifying it. A token of another issuer (JWT) does not.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <returns>Whether the text begins like a session token.</returns>
    public static bool HasForm(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(Version, StringComparison.Ordinal);
    }

    /// <summary>Signs a token. Equal claims give equal tokens.</summary>
    /// <param name="claims">The claims of the token.</param>
    /// <returns>At most <see cref="MaxTokenLength"/> characters of <c>A-Z a-z 0-9 _ . -</c>.</returns>
    /// <exception cref="ArgumentException">The session id is empty, too long or not well-formed text.</exception>
    public string Sign(SessionTokenClaims claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentException.ThrowIfNullOrEmpty(claims.SessionId);
        TicketText.RequireWellFormed(claims.SessionId, nameof(claims));
        int idBytes = Utf8.GetByteCount(claims.SessionId);
        if (idBytes > MaxSessionIdBytes)
            throw new ArgumentException($"a session id must have at most {MaxSessionIdBytes} bytes", nameof(claims));
        Span<byte> content = stackalloc byte[IdOffset + idBytes];
        BinaryPrimitives.WriteInt64BigEndian(content, claims.IssuedUnixMilliseconds);
        BinaryPrimitives.WriteInt64BigEndian(content[8..], claims.DeadlineUnixMilliseconds);
        Utf8.GetBytes(claims.SessionId, content[IdOffset..]);
        Span<byte> mac = stackalloc byte[MacBytes];
        ComputeMac(_keys[0], content, mac);
        mac.CopyTo(content[MacOffset..]);
        return Version + Base64Url.EncodeToString(content);
    }

    /// <summary>Verifies a token and reads it.</summary>
    /// <param name="token">Untrusted text.</param>
    /// <param name="claims">The claims of the token.</param>
    /// <returns>Whether one of the keys signed it. The deadline is not checked.</returns>
    public bool TryVerify(string? token, [NotNullWhen(true)] out SessionTokenClaims? claims)
    {
        claims = null;
        if (token is null || token.Length > MaxTokenLength || !token.StartsWith(Version, StringComparison.Ordinal))
            return false;
        Span<byte> buffer = stackalloc byte[MaxBytes];
        if (!TryDecode(token.AsSpan(Version.Length), buffer, out int length) || length <= IdOffset)
            return false;
        ReadOnlySpan<byte> content = buffer[..length];
        if (!IsSigned(content) || !TicketText.TryDecode(content[IdOffset..], out var sessionId))
            return false;
        claims = new(sessionId, BinaryPrimitives.ReadInt64BigEndian(content), BinaryPrimitives.ReadInt64BigEndian(content[8..]));
        return true;
    }

    // Each token has exactly one text: unused bits of base64, white space and padding are rejected.
    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int length)
    {
        length = 0;
        if (text.Length > Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out length))
            return false;
        Span<char> again = stackalloc char[Base64Url.GetEncodedLength(length)];
        return Base64Url.TryEncodeToChars(bytes[..length], again, out int written) && text.SequenceEqual(again[..written]);
    }

    // All keys are tried, so that the duration does not depend on which key signed.
    private bool IsSigned(ReadOnlySpan<byte> content)
    {
        Span<byte> mac = stackalloc byte[MacBytes];
        bool signed = false;
        foreach (var key in _keys)
        {
            ComputeMac(key, content, mac);
            signed |= CryptographicOperations.FixedTimeEquals(mac, content.Slice(MacOffset, MacBytes));
        }
        return signed;
    }

    private static void ComputeMac(byte[] key, ReadOnlySpan<byte> content, Span<byte> mac)
    {
        Span<byte> signed = stackalloc byte[content.Length - MacBytes];
        content[..MacOffset].CopyTo(signed);
        content[IdOffset..].CopyTo(signed[MacOffset..]);
        HMACSHA256.HashData(key, signed, mac);
    }
}
