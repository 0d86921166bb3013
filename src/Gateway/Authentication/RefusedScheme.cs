namespace Wharf.Gateway.Authentication;

/// <summary>
/// Names the scheme of a refused login for the log. The client sends the name, so that it may be any text, or a secret if no payload follows it.
/// </summary>
internal static class RefusedScheme
{
    private const int Longest = 100;

    /// <summary>The scheme of an <c>authorization</c> header.</summary>
    public static string OfHeader(string header) =>
        header.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? Named(header[..end]) : "a header without a scheme";

    /// <summary>The scheme of a handshake.</summary>
    public static string OfHandshake(HandshakePayload? login) => login is null ? "a handshake without a scheme" : Named(login.Scheme);

    private static string Named(string scheme) =>
        scheme.Length is > 0 and <= Longest && scheme.All(static character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '+')
            ? $"{scheme} (not offered)"
            : "a scheme with an invalid name";
}
