using System.Text;

namespace Wharf.Gateway.Authentication;

/// <summary>Binary metadata on the wire: base64, of which the last value counts and padding may be missing.</summary>
internal static class BinaryHeader
{
    /// <summary>The bytes as ASCII text, or null when it is not base64.</summary>
    public static string? ReadText(string? header) => Read(header) is { } bytes ? Encoding.ASCII.GetString(bytes) : null;

    /// <summary>The bytes, or null when it is not base64.</summary>
    public static byte[]? Read(string? header)
    {
        if (header is null)
            return null;
        var last = header[(header.LastIndexOf(',') + 1)..].Trim().TrimEnd('=');
        var bytes = new byte[last.Length];
        return Convert.TryFromBase64String(last.PadRight((last.Length + 3) / 4 * 4, '='), bytes, out int length) ? bytes[..length] : null;
    }
}
