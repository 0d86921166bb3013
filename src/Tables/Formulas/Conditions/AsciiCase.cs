namespace Wharf.Tables.Formulas.Conditions;

/// <summary>Case-insensitive search as in Java's patterns: only the letters A to Z have a case.</summary>
internal static class AsciiCase
{
    /// <summary>Returns whether a string contains another.</summary>
    public static bool Contains(string text, string part) => Fold(text).Contains(Fold(part), StringComparison.Ordinal);

    private static string Fold(string text) => text.AsSpan().IndexOfAnyInRange('A', 'Z') < 0
        ? text
        : string.Create(text.Length, text, static (folded, letters) =>
        {
            for (int n = 0; n < folded.Length; n++)
                folded[n] = char.IsAsciiLetterUpper(letters[n]) ? (char)(letters[n] | 0x20) : letters[n];
        });
}
