using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Wharf.Gateway.Authentication;

/// <summary>The credentials of a login.</summary>
/// <param name="Payload">The part after the scheme: text in a header, any bytes in a handshake.</param>
/// <param name="Certificate">The certificate of the client's connection. TLS has checked it against <c>Wharf:Tls:ClientAuthorityPath</c>. Null without one.</param>
public readonly record struct LoginRequest(ReadOnlyMemory<byte> Payload, X509Certificate2? Certificate);

/// <summary>The result of a login that succeeded.</summary>
/// <param name="Identity">The name of the principal.</param>
public sealed record AuthenticatedPrincipal(string Identity)
{
    private const int MaxNameBytes = 256;

    /// <summary>The roles that the credentials bring. Those that are not configured have no effect.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The time at which the session ends, however often it is used; null if it may continue.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Returns whether a name that another party issued can be the name of a principal: printable text without blanks around it, at most 256 bytes long.</summary>
    internal static bool IsName(string? name) =>
        !string.IsNullOrEmpty(name) && Encoding.UTF8.GetByteCount(name) <= MaxNameBytes && name.Trim().Length == name.Length
        && name.EnumerateRunes().All(static character => Rune.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned));
}
