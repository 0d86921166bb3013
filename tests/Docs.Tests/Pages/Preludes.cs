namespace Wharf.Docs.Tests.Pages;

/// <summary>The rest of a program around a fragment: a file of <c>Preludes</c> with a line <c>snippet</c> in a comment, which the fragment replaces.</summary>
internal static class Preludes
{
    /// <summary>Makes a program of a block.</summary>
    /// <exception cref="FileNotFoundException">There is no such prelude.</exception>
    public static string Complete(Snippet snippet)
    {
        if (snippet.Kind != SnippetKind.Prelude)
            return snippet.Text;
        var (suffix, place) = snippet.Language == "python" ? (".py", "# snippet\n") : (".cs", "// snippet\n");
        var prelude = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Preludes", snippet.Value + suffix)).ReplaceLineEndings("\n");
        return prelude.Replace(place, snippet.Text + "\n", StringComparison.Ordinal);
    }
}
