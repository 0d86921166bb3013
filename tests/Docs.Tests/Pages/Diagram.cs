namespace Wharf.Docs.Tests.Pages;

/// <summary>The parts of Mermaid's syntax that this documentation uses.</summary>
internal static class Diagram
{
    private static readonly string[] Kinds = ["flowchart ", "sequenceDiagram"];

    /// <summary>Checks the kind of a diagram, its brackets and quotes, and the ends of its groups.</summary>
    /// <exception cref="FormatException">A part is invalid.</exception>
    public static void Check(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2 || !Kinds.Any(kind => lines[0].StartsWith(kind.TrimEnd(), StringComparison.Ordinal)))
            throw new FormatException("a diagram begins with flowchart or sequenceDiagram, and has lines");
        if (lines.FirstOrDefault(static line => !IsBalanced(line)) is { } unbalanced)
            throw new FormatException($"brackets or quotes do not match: {unbalanced}");
        var groups = lines.Count(static line => line.StartsWith("subgraph ", StringComparison.Ordinal));
        if (groups != lines.Count(static line => line == "end"))
            throw new FormatException("each subgraph has one end");
    }

    private static bool IsBalanced(string line) =>
        line.Count(static character => character == '"') % 2 == 0
        && line.Count(static character => character == '[') == line.Count(static character => character == ']')
        && line.Count(static character => character == '(') == line.Count(static character => character == ')');
}
