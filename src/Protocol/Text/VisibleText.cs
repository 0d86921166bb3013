using System.Globalization;
using System.Text;

namespace Wharf.Protocol;

/// <summary>
/// Escapes the characters by which a text could control a terminal or change how the text around it is displayed. Applied to texts of
/// clients, plugins and servers before they are shown: by the console logger and by the command line.
/// </summary>
public static class VisibleText
{
    /// <summary>Escapes a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>
    /// The text itself if it needs no escape; otherwise a copy with <c>\uXXXX</c>, four hexadecimal digits of the UTF-16 code unit, for
    /// each such character.
    /// </returns>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = IndexOfEscaped(text);
        if (first < 0)
            return text;
        var escaped = new StringBuilder(text.Length + 16).Append(text, 0, first);
        foreach (var character in text.AsSpan(first))
        {
            if (IsEscaped(character))
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            else
                escaped.Append(character);
        }

        return escaped.ToString();
    }

    /// <summary>Finds the first character that needs an escape.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Its index, or -1.</returns>
    public static int IndexOfEscaped(ReadOnlySpan<char> text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (IsEscaped(text[index]))
                return index;
        }

        return -1;
    }

    /// <summary>
    /// Returns whether a character needs an escape: control characters (C0 without tab and line feed, DEL, C1), line and paragraph
    /// separators, and the formatting characters that reverse the direction of text (Unicode Standard Annex 9).
    /// </summary>
    /// <param name="character">The character.</param>
    /// <returns>Whether it is escaped.</returns>
    public static bool IsEscaped(char character) => character switch
    {
        '\t' or '\n' => false,
        < ' ' or (>= '\u007F' and <= '\u009F') => true,
        '\u061C' or '\u200E' or '\u200F' or '\u2028' or '\u2029' => true,
        (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => true,
        _ => false,
    };
}
