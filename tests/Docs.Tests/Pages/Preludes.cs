namespace Wharf.Docs.Tests.Pages;

/// <summary>Completes fragments to programs: the fragment replaces the comment line <c>snippet</c> of a file in <c>Preludes</c>.</summary>
internal static class Preludes
{
    /// <summary>Creates a program from a block.</summary>
    /// <exception cref="FileNotFoundException">The prelude does not exist.</exception>
    public static string Complete(Snippet snippet)
    {
        if (snippet.Kind != SnippetKind.Prelude)
            return snippet.Text;
        var (suffix, place) = snippet.Language == "python" ? (".py", "# snippet\n") : (".cs", "// snippet\n");
        var prelude = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Preludes", snippet.Value + suffix)).ReplaceLineEndings("\n");
        return prelude.Replace(place, snippet.Text + "\n", StringComparison.Ordinal);
    }
}
