using Markdig;
using Markdig.Syntax;
using Wharf.Processes;

namespace Wharf.Docs.Tests.Pages;

/// <summary>Reads the fenced blocks of a page and the comments before them.</summary>
internal static class Page
{
    private const string Start = "<!-- snippet:";

    /// <summary>README.md, ARCHITECTURE.md, CONTRIBUTING.md and docs/*.md, as paths of the checkout.</summary>
    public static IEnumerable<string> All =>
        Directory.GetFiles(Path.Combine(Checkout.Root, "docs"), "*.md").Order(StringComparer.Ordinal)
            .Select(static path => "docs/" + Path.GetFileName(path)).Prepend("CONTRIBUTING.md").Prepend("ARCHITECTURE.md").Prepend("README.md");

    /// <summary>The blocks of all pages.</summary>
    public static IReadOnlyList<Snippet> Snippets { get; } =
        [.. All.SelectMany(static page => Read(page, File.ReadAllText(Path.Combine(Checkout.Root, page))))];

    /// <summary>Reads a page.</summary>
    /// <exception cref="FormatException">A comment is not one of <see cref="SnippetKind"/>, or no block follows it.</exception>
    public static IReadOnlyList<Snippet> Read(string page, string markdown)
    {
        List<Snippet> snippets = [];
        var section = 0;
        HtmlBlock? comment = null;
        foreach (var block in Markdown.Parse(markdown).Descendants().OfType<LeafBlock>())
        {
            if (block is FencedCodeBlock fence)
            {
                var (kind, value) = Marker(page, comment, markdown);
                snippets.Add(new Snippet(page, fence.Line + 1, section, fence.Info ?? "", kind, value, fence.Lines.ToString().ReplaceLineEndings("\n")));
                comment = null;
                continue;
            }

            if (comment is not null)
                throw new FormatException($"{page}:{comment.Line + 1}: no fenced block follows the comment");
            if (block is HeadingBlock)
                section++;
            if (block is HtmlBlock html && Text(html, markdown).StartsWith(Start, StringComparison.Ordinal))
                comment = html;
        }

        return snippets;
    }

    private static (SnippetKind Kind, string Value) Marker(string page, HtmlBlock? comment, string markdown)
    {
        if (comment is null)
            return (SnippetKind.Complete, "");
        var text = Text(comment, markdown)[Start.Length..].Replace("-->", "", StringComparison.Ordinal).Trim();
        return text switch
        {
            "serves" => (SnippetKind.Serves, ""),
            _ when After("prelude ") is { } name => (SnippetKind.Prelude, name),
            _ when After("file ") is { } path => (SnippetKind.File, path),
            _ when After("part of ") is { } path => (SnippetKind.PartOf, path),
            _ when After("not run: ") is { } reason => (SnippetKind.NotRun, reason),
            _ => throw new FormatException($"{page}:{comment.Line + 1}: '{text}' is none of: prelude NAME, file PATH, part of FILE, serves, not run: REASON"),
        };

        string? After(string word) => text.StartsWith(word, StringComparison.Ordinal) && text.Length > word.Length ? text[word.Length..] : null;
    }

    private static string Text(HtmlBlock block, string markdown) => markdown[block.Span.Start..(block.Span.End + 1)];
}
