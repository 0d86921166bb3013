using System.Buffers;
using System.Globalization;
using System.Text;

namespace Wharf.Protocol;

/// <summary>
/// The rules for names: of variables, fields, applications, objects, users, plugins and object types. A name has 1 to 256 bytes in UTF-8
/// and is printable text. Control characters, line breaks, invisible characters such as bidirectional overrides, unpaired surrogates, and
/// unassigned characters are rejected. The only white space allowed is U+0020, and not at either end.
/// </summary>
public static class NameRules
{
    /// <summary>The maximum length of a name, in bytes of its UTF-8 form.</summary>
    public const int MaxBytes = 256;

    /// <summary>Returns whether a name follows the rules.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether the name is valid.</returns>
    public static bool IsName(string? name) => FindProblem(name, "name") is null;

    /// <summary>Checks a name and returns the first violation.</summary>
    /// <param name="name">The name.</param>
    /// <param name="subject">The kind of name, such as <c>variable name</c>.</param>
    /// <returns>The error, without characters of the name; null for a valid name.</returns>
    public static string? FindProblem(string? name, string subject)
    {
        if (string.IsNullOrEmpty(name))
            return $"The {subject} is empty";
        // Check the number of characters first, so that a long text is not encoded.
        if (name.Length > MaxBytes || Encoding.UTF8.GetByteCount(name) > MaxBytes)
            return string.Create(CultureInfo.InvariantCulture, $"The {subject} is longer than {MaxBytes} bytes");
        if (name[0] == ' ' || name[^1] == ' ')
            return $"The {subject} begins or ends with a blank";
        for (var rest = name.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != OperationStatus.Done)
                return $"The {subject} has half of a surrogate pair; a name is printable text";
            if (!IsPrintable(rune))
                return string.Create(
                    CultureInfo.InvariantCulture, $"The {subject} has the character U+{rune.Value:X4}; a name is printable text");
            rest = rest[used..];
        }

        return null;
    }

    /// <summary>Makes a text safe for messages and logs.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The maximum number of characters of the result, without the ellipsis of a longer text.</param>
    /// <returns>The text, with a question mark in place of each character that a name must not contain.</returns>
    public static string Shown(string text, int maxLength = 64)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder();
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (shown.Length >= maxLength)
                return shown.Append("...").ToString();
            var isRune = Rune.DecodeFromUtf16(rest, out var rune, out var used) == OperationStatus.Done;
            shown.Append(isRune && IsPrintable(rune) ? rune.ToString() : "?");
            rest = rest[used..];
        }

        return shown.ToString();
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
