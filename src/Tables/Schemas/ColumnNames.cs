using System.Text;

namespace Wharf.Tables.Schemas;

/// <summary>The rules for column names, and the replacement of illegal names.</summary>
internal static class ColumnNames
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "i", "ii", "k", "in", "not", "null", "true", "false", "new", "this", "super", "instanceof", "if", "else", "return", "for", "while",
        "do", "switch", "case",
        "class", "void", "boolean", "byte", "short", "char", "int", "long", "float", "double", "static", "final", "public", "private",
        "protected",
    };

    public static bool IsLegal(string name) =>
        name.Length > 0 && !Reserved.Contains(name) && IsStart(name[0]) && name.AsSpan(1).IndexOfAnyExcept(PartChars) < 0;

    /// <summary>Returns a legal name that is not in use.</summary>
    public static string Legalize(string name, IReadOnlySet<string> taken)
    {
        var legal = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            if (c is '-' or ' ')
                legal.Append('_');
            else if (PartChars.Contains(c))
                legal.Append(c);
        }

        if (legal.Length == 0 || !IsStart(legal[0]) || Reserved.Contains(legal.ToString()))
            legal.Insert(0, "column_");

        string first = legal.ToString(), result = first;
        for (int n = 2; taken.Contains(result); n++)
            result = first + n;
        return result;
    }

    private static readonly System.Buffers.SearchValues<char> PartChars =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$");

    private static bool IsStart(char c) => char.IsAsciiLetter(c) || c is '_' or '$';
}
