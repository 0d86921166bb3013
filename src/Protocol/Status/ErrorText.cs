using System.Text;

namespace Wharf.Protocol;

/// <summary>Truncates error texts, so that they fit into the trailers of a call.</summary>
public static class ErrorText
{
    /// <summary>The default maximum size of an error text, in bytes of UTF-8.</summary>
    public const int DefaultMaxBytes = 3072;

    /// <summary>Truncates a text to a number of bytes without splitting a character.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxBytes">The maximum size of the result, in bytes of UTF-8.</param>
    /// <returns>The text itself if it fits; otherwise its longest prefix that does.</returns>
    public static string Cut(string text, int maxBytes = DefaultMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        // A UTF-16 code unit takes at most three bytes.
        if (text.Length <= maxBytes / 3)
            return text;
        int bytes = 0, end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
                return text[..end];
            end += rune.Utf16SequenceLength;
        }
        return text;
    }
}
