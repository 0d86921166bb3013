namespace Wharf.Gateway.Authentication;

/// <summary>
/// Describes the scheme of a refused login for the log. The client chooses the name, which may be any text, or a secret if no payload follows it.
/// </summary>
internal static class RefusedScheme
{
    private const int MaxLength = 100;

    /// <summary>Describes the scheme of an <c>authorization</c> header.</summary>
    public static string OfHeader(string header) =>
        header.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? Describe(header[..end]) : "a header without a scheme";

    /// <summary>Describes the scheme of a handshake.</summary>
    public static string OfHandshake(HandshakePayload? login) => login is null ? "a handshake without a scheme" : Describe(login.Scheme);

    private static string Describe(string scheme) =>
        scheme.Length is > 0 and <= MaxLength && scheme.All(static character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '+')
            ? $"{scheme} (not offered)"
            : "a scheme with an invalid name";
}
