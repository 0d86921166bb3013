using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Wharf.Tables.Formulas;

/// <summary>Case conversions of Java. Some letters map to two, which .NET does not convert.</summary>
internal static class JavaCase
{
    // The unconditional part of Unicode's SpecialCasing; the letters with iota subscript are added in All.
    private static readonly FrozenDictionary<char, string> Capitals = All();
    private static readonly SearchValues<char> Special = SearchValues.Create([.. Capitals.Keys]), SpecialSmall = SearchValues.Create("İΣ");

    /// <summary>Converts a string to upper case.</summary>
    public static string ToUpper(string text)
    {
        if (text.AsSpan().IndexOfAny(Special) < 0)
            return text.ToUpperInvariant();
        var upper = new StringBuilder(text.Length + 8);
        int done = 0;
        for (int n = 0; n < text.Length; n++)
        {
            if (!Capitals.TryGetValue(text[n], out string? capital))
                continue;
            upper.Append(text[done..n].ToUpperInvariant()).Append(capital);
            done = n + 1;
        }

        return upper.Append(text[done..].ToUpperInvariant()).ToString();
    }

    /// <summary>Converts a string to lower case.</summary>
    public static string ToLower(string text)
    {
        string lower = text.ToLowerInvariant();
        if (text.AsSpan().IndexOfAny(SpecialSmall) < 0)
            return lower;
        var special = new StringBuilder(text.Length + 8);
        for (int n = 0; n < text.Length; n++)
        {
            // A sigma at the end of a word has a separate form.
            bool isLast = text[n] == 'Σ' && n > 0 && char.IsLetter(text[n - 1]) && !(n + 1 < text.Length && char.IsLetter(text[n + 1]));
            special.Append(text[n] == 'İ' ? "i\u0307" : isLast ? "ς" : lower[n].ToString());
        }

        return special.ToString();
    }

    /// <summary>Returns whether two strings are equal with simple case folding.</summary>
    public static bool AreEqual(string? text, string? other)
    {
        if (string.Equals(text, other, StringComparison.OrdinalIgnoreCase))
            return true;
        if (text is null || other is null || text.Length != other.Length)
            return false;
        for (int n = 0; n < text.Length; n++)
        {
            if (text[n] != other[n] && Fold(text[n]) != Fold(other[n]))
                return false;
        }

        return true;
    }

    /// <summary>Returns the folded form of a letter: the lower case of its upper case.</summary>
    public static char Fold(char letter) =>
        char.ToLowerInvariant(letter switch { 'ı' or 'İ' => 'I', 'ſ' => 'S', _ => char.ToUpperInvariant(letter) });

    private static FrozenDictionary<char, string> All()
    {
        var all = new Dictionary<char, string>
        {
            ['ß'] = "SS", ['ŉ'] = "\u02BCN", ['ǰ'] = "J\u030C", ['\u0390'] = "\u0399\u0308\u0301", ['\u03B0'] = "\u03A5\u0308\u0301",
            ['\u0587'] = "\u0535\u0552", ['\u1E96'] = "H\u0331",
            ['\u1E97'] = "T\u0308", ['\u1E98'] = "W\u030A", ['\u1E99'] = "Y\u030A", ['\u1E9A'] = "A\u02BE", ['\u1F50'] = "\u03A5\u0313",
            ['\u1F52'] = "\u03A5\u0313\u0300",
            ['\u1F54'] = "\u03A5\u0313\u0301", ['\u1F56'] = "\u03A5\u0313\u0342", ['\u1FB2'] = "\u1FBA\u0399", ['\u1FB4'] = "\u0386\u0399",
            ['\u1FC2'] = "\u1FCA\u0399",
            ['\u1FC4'] = "\u0389\u0399", ['\u1FF2'] = "\u1FFA\u0399", ['\u1FF4'] = "\u038F\u0399", ['\u1FB6'] = "\u0391\u0342",
            ['\u1FC6'] = "\u0397\u0342", ['\u1FD2'] = "\u0399\u0308\u0300",
            ['\u1FD3'] = "\u0399\u0308\u0301", ['\u1FD6'] = "\u0399\u0342", ['\u1FD7'] = "\u0399\u0308\u0342",
            ['\u1FE2'] = "\u03A5\u0308\u0300", ['\u1FE3'] = "\u03A5\u0308\u0301",
            ['\u1FE4'] = "\u03A1\u0313", ['\u1FE6'] = "\u03A5\u0342", ['\u1FE7'] = "\u03A5\u0308\u0342", ['\u1FF6'] = "\u03A9\u0342",
            ['\u1FB7'] = "\u0391\u0342\u0399",
            ['\u1FC7'] = "\u0397\u0342\u0399", ['\u1FF7'] = "\u03A9\u0342\u0399", ['\u1FB3'] = "\u0391\u0399", ['\u1FBC'] = "\u0391\u0399",
            ['\u1FC3'] = "\u0397\u0399",
            ['\u1FCC'] = "\u0397\u0399", ['\u1FF3'] = "\u03A9\u0399", ['\u1FFC'] = "\u03A9\u0399", ['\uFB00'] = "FF", ['\uFB01'] = "FI",
            ['\uFB02'] = "FL", ['\uFB03'] = "FFI",
            ['\uFB04'] = "FFL", ['\uFB05'] = "ST", ['\uFB06'] = "ST", ['\uFB13'] = "\u0544\u0546", ['\uFB14'] = "\u0544\u0535",
            ['\uFB15'] = "\u0544\u053B", ['\uFB16'] = "\u054E\u0546",
            ['\uFB17'] = "\u0544\u053D", ['ı'] = "I", ['ſ'] = "S",
        };
        foreach (char row in "\u1F80\u1F90\u1FA0")
        {
            char capitals = (char)(row == '\u1F80' ? 0x1F08 : row == '\u1F90' ? 0x1F28 : 0x1F68);
            for (int n = 0; n < 16; n++)
                all[(char)(row + n)] = $"{(char)(capitals + (n % 8))}\u0399";
        }

        return all.ToFrozenDictionary();
    }
}
