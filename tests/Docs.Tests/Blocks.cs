using Wharf.Docs.Tests.CSharp;
using Wharf.Docs.Tests.Pages;

namespace Wharf.Docs.Tests;

/// <summary>The fenced blocks of README, ARCHITECTURE, CONTRIBUTING and docs/: each has a language, data is well formed, and C# compiles.</summary>
public sealed class Blocks
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_block_has_a_language_and_a_valid_form()
    {
        Assert.NotEmpty(Page.Snippets);
        Assert.Empty(Page.Snippets.Select(Fences.Problem).OfType<string>());
    }

    [Fact]
    public void Every_CSharp_block_compiles()
    {
        var snippets = Page.Snippets.Where(static snippet => snippet is { Language: "csharp" }).ToList();
        Assert.True(snippets.Count > 10, $"{snippets.Count} blocks");
        Assert.Empty(snippets.SelectMany(static snippet => CompiledSnippet.Errors(snippet, Token).Select(error => $"{snippet.Place}: {error}")));
    }

    [Theory]
    [InlineData("```\nx\n```", "the language '' is none of")]
    [InlineData("```cobol\nx\n```", "the language 'cobol' is none of")]
    [InlineData("```json\n{\n```", "page.md:1: ")]
    [InlineData("```xml\n<a>\n```", "page.md:1: ")]
    [InlineData("```yaml\na: [\n```", "page.md:1: ")]
    [InlineData("```mermaid\npie\na\n```", "begins with flowchart")]
    [InlineData("```mermaid\nflowchart LR\na[\"x\" --> b\n```", "do not match")]
    [InlineData("```mermaid\nflowchart LR\nsubgraph x\na --> b\n```", "each subgraph has one end")]
    [InlineData("```dockerfile\nFROM wharf\n```", "is 'part of' one of the checkout")]
    [InlineData("<!-- snippet: part of samples/Greeter/Dockerfile -->\n\n```dockerfile\nFROM other\n```", "has other lines")]
    [InlineData("<!-- snippet: serves -->\n```python\nx\n```", "only commands serve")]
    [InlineData("<!-- snippet: not run: it is slow -->\n```csharp\nx\n```", "only commands")]
    public void A_block_that_is_invalid_by_itself_is_named(string markdown, string problem) =>
        Assert.Contains(problem, Fences.Problem(Assert.Single(Page.Read("page.md", markdown))), StringComparison.Ordinal);

    [Theory]
    [InlineData("<!-- snippet: skip -->\n```bash\nx\n```", "page.md:1: 'skip' is none of")]
    [InlineData("<!-- snippet: not run: -->\n```bash\nx\n```", "is none of")]
    [InlineData("<!-- snippet: serves -->\n\ntext\n\n```bash\nx\n```", "no fenced block follows")]
    public void A_comment_of_an_unknown_kind_is_refused(string markdown, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Page.Read("page.md", markdown)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("int x = 5;\nConsole.WriteLine(x);", null)]
    [InlineData("int x = `5`;", "page")]
    [InlineData("Session session = null!;", "CS0246")]
    public void CSharp_that_does_not_compile_is_named(string text, string? error)
    {
        var errors = CompiledSnippet.Errors(new Snippet("page.md", 1, 0, "csharp", SnippetKind.Complete, "", text), Token);
        Assert.Equal(error is null, errors.Count == 0);
        if (error is "CS0246")
            Assert.Contains(error, errors[0], StringComparison.Ordinal);
    }
}
