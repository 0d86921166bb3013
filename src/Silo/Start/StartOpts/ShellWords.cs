using System.Text;

namespace Wharf.Silo.Start.StartOpts;

/// <summary>Splits a line into words as a shell does: at unquoted white space, with single and double quotes and the backslash.</summary>
internal static class ShellWords
{
    /// <summary>Returns the words of a line.</summary>
    /// <exception cref="FormatException">A quote is not closed, or nothing follows a backslash.</exception>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        for (var at = 0; at < line.Length; at++)
        {
            var character = line[at];
            if (char.IsWhiteSpace(character))
            {
                if (word is not null)
                    words.Add(word.ToString());
                word = null;
                continue;
            }

            // An empty pair of quotes is also a word.
            word ??= new StringBuilder();
            if (character is '\'' or '"')
                at = ReadQuoted(line, at, word);
            else if (character == '\\')
                word.Append(line[Next(line, ref at)]);
            else
                word.Append(character);
        }

        if (word is not null)
            words.Add(word.ToString());
        return words;
    }

    // Within single quotes all characters are literal. Within double quotes a backslash escapes only a quote, backslash, dollar or backtick.
    private static int ReadQuoted(string line, int start, StringBuilder word)
    {
        var quote = line[start];
        for (var at = start + 1; at < line.Length; at++)
        {
            if (line[at] == quote)
                return at;
            if (quote == '"' && line[at] == '\\' && at + 1 < line.Length && line[at + 1] is '"' or '\\' or '$' or '`')
                at++;
            word.Append(line[at]);
        }

        throw new FormatException($"the quote {quote} is not closed");
    }

    private static int Next(string line, ref int at) => ++at < line.Length ? at : throw new FormatException("the text ends with a backslash");
}
