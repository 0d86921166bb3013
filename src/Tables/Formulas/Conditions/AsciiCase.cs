namespace Wharf.Tables;

/// <summary>Texts without regard to case as Java's patterns have them: only of the letters from A to Z are there two.</summary>
internal static class AsciiCase
{
    /// <summary>Whether a text has another in it.</summary>
    public static bool Contains(string text, string part) => Folded(text).Contains(Folded(part), StringComparison.Ordinal);

    private static string Folded(string text) => text.AsSpan().IndexOfAnyInRange('A', 'Z') < 0
        ? text
        : string.Create(text.Length, text, static (folded, letters) =>
        {
            for (int n = 0; n < folded.Length; n++)
                folded[n] = char.IsAsciiLetterUpper(letters[n]) ? (char)(letters[n] | 0x20) : letters[n];
        });
}
