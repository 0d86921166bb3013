using System.Text;
using Microsoft.AspNetCore.Http;

namespace Wharf.Gateway.Errors;

/// <summary>
/// Status messages for Deephaven's JavaScript client, whose reader throws on every percent escape, on a tilde and on all bytes outside of ASCII; the call then never ends.
/// It also splits the trailers in the body of a gRPC-Web response at every colon. Its messages contain look-alikes instead;
/// <c>grpc-status-details-bin</c> keeps the exact text.
/// </summary>
internal static class PlainMessage
{
    private const char Replacement = '?';

    /// <summary>
    /// Returns whether a gRPC-Web request comes from that client. Other libraries for browsers send <c>x-user-agent</c>; fetch sends <c>sec-fetch-mode</c>,
    /// and the client's HTTP/2 transport for Node.js neither <c>accept</c> nor <c>user-agent</c>.
    /// </summary>
    /// <param name="headers">The headers of the request.</param>
    /// <param name="contentType">The content type as the client sent it.</param>
    public static bool IsNeededBy(IHeaderDictionary headers, string? contentType) =>
        string.Equals(contentType, "application/grpc-web+proto", StringComparison.OrdinalIgnoreCase)
        && headers["x-grpc-web"] == "1" && headers["x-user-agent"].Count == 0
        && (headers["sec-fetch-mode"].Count > 0 || (headers.Accept.Count == 0 && headers.UserAgent.Count == 0));

    /// <summary>Returns the message of a header, which may contain colons.</summary>
    /// <param name="message">The message, percent-encoded.</param>
    public static string InHeaders(string message) => Write(message, ':');

    /// <summary>Returns the message of a trailer in the body.</summary>
    /// <param name="message">The message, percent-encoded.</param>
    public static string InBody(string message) => Write(message, ';');

    private static string Write(string message, char colon)
    {
        var plain = new StringBuilder(message.Length);
        foreach (var rune in Uri.UnescapeDataString(message).EnumerateRunes())
        {
            plain.Append(rune.Value switch
            {
                ':' => colon,
                '~' => '-',
                '%' => Replacement,
                < ' ' or 0x7F => ' ',
                <= '~' => (char)rune.Value,
                _ => Replacement,
            });
        }

        return plain.ToString().Trim();
    }
}
