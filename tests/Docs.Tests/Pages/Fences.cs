using System.Text.Json;
using System.Xml.Linq;
using Wharf.Processes;
using YamlDotNet.RepresentationModel;

namespace Wharf.Docs.Tests.Pages;

/// <summary>Validates a block by itself: its language, its marker, and the syntax of data.</summary>
internal static class Fences
{
    // Output has the language "text" and is not checked.
    private static readonly string[] Languages = ["bash", "csharp", "python", "xml", "json", "yaml", "dockerfile", "mermaid", "text"];

    /// <summary>Checks a block.</summary>
    /// <returns>The problem, or null if there is none.</returns>
    public static string? Problem(Snippet snippet)
    {
        if (!Languages.Contains(snippet.Language))
            return $"{snippet.Place}: the language '{snippet.Language}' is none of {string.Join(", ", Languages)}";
        if (snippet.Kind == SnippetKind.Serves && snippet.Language != "bash")
            return $"{snippet.Place}: only commands serve";
        if (snippet.Kind == SnippetKind.NotRun && snippet.Language != "bash")
            return $"{snippet.Place}: only commands may need something that a test machine does not have";
        if (snippet.Kind == SnippetKind.PartOf)
            return Repeats(snippet) ? null : $"{snippet.Place}: {snippet.Value} has other lines";
        try
        {
            Parse(snippet);
            return null;
        }
        catch (Exception wrong) when (wrong is JsonException or System.Xml.XmlException or YamlDotNet.Core.YamlException or FormatException)
        {
            return $"{snippet.Place}: {wrong.Message}";
        }
    }

    private static bool Repeats(Snippet snippet) =>
        File.ReadAllText(Path.Combine(Checkout.Root, snippet.Value)).ReplaceLineEndings("\n").Contains(snippet.Text.TrimEnd(), StringComparison.Ordinal);

    private static void Parse(Snippet snippet)
    {
        switch (snippet.Language)
        {
            case "xml":
                XDocument.Parse(snippet.Text);
                break;
            case "json":
                JsonDocument.Parse(snippet.Text).Dispose();
                break;
            case "yaml":
                new YamlStream().Load(new StringReader(snippet.Text));
                break;
            case "mermaid":
                Diagram.Check(snippet.Text);
                break;
            case "dockerfile":
                throw new FormatException("a Dockerfile is 'part of' one of the checkout, which tests/Packaging.Tests runs");
        }
    }
}
