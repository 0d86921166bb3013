using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Wharf.Cli;

/// <summary>Where the command reads and writes, and what it is told by its environment.</summary>
/// <param name="input">Standard input.</param>
/// <param name="output">Standard output: results and nothing else.</param>
/// <param name="error">Standard error: everything that is not a result.</param>
/// <param name="screen">The output, for people.</param>
/// <param name="errorScreen">The error output, for people.</param>
/// <param name="isInputRedirected">Whether nobody sits at the input.</param>
/// <param name="variable">Reads an environment variable.</param>
internal sealed class Terminal(
    TextReader input, TextWriter output, TextWriter error, IAnsiConsole screen, IAnsiConsole errorScreen, bool isInputRedirected, Func<string, string?> variable)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Default) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions OnOneLine = new(Indented) { WriteIndented = false };

    public TextReader In => input;

    public TextWriter Out => output;

    public TextWriter Error => error;

    public IAnsiConsole Screen => screen;

    public IAnsiConsole ErrorScreen => errorScreen;

    public bool IsInputRedirected => isInputRedirected;

    public string? Variable(string name) => variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Writes a result for scripts.</summary>
    public void WriteJson(JsonNode? value) => output.WriteLine(value?.ToJsonString(Indented) ?? "null");

    /// <summary>Writes one of many results for scripts.</summary>
    public void WriteJsonLine(JsonNode value) => output.WriteLine(value.ToJsonString(OnOneLine));

    /// <summary>Writes a table of texts.</summary>
    public void WriteTable(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Spectre.Console.Table().Border(TableBorder.Simple);
        // Where there is not room for all, the last column makes it: the others are what is copied from here.
        for (var index = 0; index < columns.Count; index++)
            table.AddColumn(new TableColumn(new Text(columns[index])) { NoWrap = index < columns.Count - 1 });
        foreach (var row in rows)
            table.AddRow(row.Select(static cell => new Text(cell)));
        screen.Write(table);
    }

    /// <summary>Says something that is not a result.</summary>
    public void Note(string text) => error.WriteLine(text);
}
