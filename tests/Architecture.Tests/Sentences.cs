using System.Text.RegularExpressions;

namespace Wharf.Architecture.Tests;

/// <summary>A sentence of a file.</summary>
internal sealed record Sentence(string Place, string Text);

/// <summary>The sentences of source files and pages, and the patterns by which the unexpected ones are found.</summary>
internal static partial class Sentences
{
    private static readonly (string Name, Regex Pattern)[] Marks =
    [
        ("free relative", FreeRelative()),
        ("speech or thought", Speech()),
        ("let go", LetGo()),
        ("anew", Anew()),
        ("somebody", Somebody()),
    ];

    /// <summary>Returns the name of the first pattern that a sentence has, or null.</summary>
    public static string? Mark(string sentence) => Marks.FirstOrDefault(mark => mark.Pattern.IsMatch(sentence)).Name;

    /// <summary>Reads the sentences of comments and texts of C# files, and of pages without their code.</summary>
    public static IEnumerable<Sentence> Of(IEnumerable<FileInfo> files) => files.OrderBy(static file => file.FullName, StringComparer.Ordinal).SelectMany(static file =>
    {
        var place = Path.GetRelativePath(Repository.Root.FullName, file.FullName);
        return Blocks(file).SelectMany(block => SentenceEnd().Split(block)).Select(static text => text.Trim()).Where(static text => text.Contains(' ', StringComparison.Ordinal))
            .Select(text => new Sentence(place, text));
    });

    private static IEnumerable<string> Blocks(FileInfo file)
    {
        var lines = File.ReadAllLines(file.FullName);
        return file.Extension == ".md" ? PageBlocks(lines) : CommentBlocks(lines).Concat(Texts(lines));
    }

    /// <summary>Joins the lines of a comment, so that a sentence of several lines is one.</summary>
    private static IEnumerable<string> CommentBlocks(string[] lines)
    {
        var block = new List<string>();
        foreach (var line in lines.Append(""))
        {
            var match = CommentLine().Match(line);
            if (match.Success)
            {
                block.Add(Tags().Replace(match.Groups[1].Value, " x "));
                continue;
            }

            if (block.Count > 0)
                yield return string.Join(' ', block);
            block.Clear();
        }
    }

    /// <summary>Reads the texts of logs and errors: string literals that are sentences.</summary>
    private static IEnumerable<string> Texts(string[] lines) =>
        lines.Where(static line => !CommentLine().IsMatch(line)).SelectMany(static line => Literal().Matches(line)).Select(static match => match.Groups[1].Value)
            .Where(static text => text.Count(static character => character == ' ') >= 3);

    private static IEnumerable<string> PageBlocks(string[] lines)
    {
        var isCode = false;
        var block = new List<string>();
        foreach (var line in lines.Append(""))
        {
            var text = line.Trim();
            if (text.StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            if (isCode || text.Length == 0 || text[0] is '`' or '#' or '<' or '|' or '-')
            {
                if (block.Count > 0)
                    yield return string.Join(' ', block);
                block.Clear();
                if (isCode || text.Length == 0 || text.StartsWith("```", StringComparison.Ordinal))
                    continue;
                if (text[0] is '|')
                {
                    foreach (var cell in text.Split('|', StringSplitOptions.RemoveEmptyEntries))
                        yield return cell;
                    continue;
                }
            }

            block.Add(InlineCode().Replace(text.TrimStart('-', '#', ' '), " x "));
        }
    }

    [GeneratedRegex(@"^\s*///?\s?(.*)$")]
    private static partial Regex CommentLine();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"(?<=[.!?:;])\s+")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^\W*(x\s+)*(What|Who|Whoever|Whatever|Whichever|Whose)\b[^?]*$")]
    private static partial Regex FreeRelative();

    [GeneratedRegex(@"\b(says?|said|tells?|told|knows|hears?|heard|asks)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Speech();

    [GeneratedRegex(@"\blets?\s+(\w+\s+)?go\b", RegexOptions.IgnoreCase)]
    private static partial Regex LetGo();

    [GeneratedRegex(@"\banew\b", RegexOptions.IgnoreCase)]
    private static partial Regex Anew();

    [GeneratedRegex(@"\b(who|what)ever\b|\b(nobody|somebody|anybody|everybody)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Somebody();
}
