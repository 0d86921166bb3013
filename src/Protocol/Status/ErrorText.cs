using System.Text;

namespace Wharf.Protocol;

/// <summary>Keeps error texts short enough for a trailer, which has a few kilobytes for everything.</summary>
public static class ErrorText
{
    /// <summary>How many bytes of UTF-8 a text may have that goes to a client.</summary>
    public const int DefaultMaxBytes = 3072;

    /// <summary>Cuts a text to a number of bytes, never within a character.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxBytes">The most bytes that the result has in UTF-8.</param>
    /// <returns>The text itself if it fits, else its longest beginning that does.</returns>
    public static string Cut(string text, int maxBytes = DefaultMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        // No character takes more than three bytes per UTF-16 unit.
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
