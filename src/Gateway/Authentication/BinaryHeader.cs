using System.Text;

namespace Wharf.Gateway.Authentication;

/// <summary>Reads binary metadata: base64, with or without padding. Of several values the last is used.</summary>
internal static class BinaryHeader
{
    /// <summary>Returns the bytes as ASCII text, or null if the header is not base64.</summary>
    public static string? ReadText(string? header) => Read(header) is { } bytes ? Encoding.ASCII.GetString(bytes) : null;

    /// <summary>Returns the bytes, or null if the header is not base64.</summary>
    public static byte[]? Read(string? header)
    {
        if (header is null)
            return null;
        var last = header[(header.LastIndexOf(',') + 1)..].Trim().TrimEnd('=');
        var bytes = new byte[last.Length];
        return Convert.TryFromBase64String(last.PadRight((last.Length + 3) / 4 * 4, '='), bytes, out int length) ? bytes[..length] : null;
    }
}
