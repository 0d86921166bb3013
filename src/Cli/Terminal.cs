using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using Wharf.Cli.Output;
using Wharf.Protocol;

namespace Wharf.Cli;

/// <summary>The input, the outputs and the environment of the command.</summary>
/// <param name="input">Standard input.</param>
/// <param name="output">Standard output, for results only.</param>
/// <param name="error">Standard error, for all other messages.</param>
/// <param name="screen">The console of standard output.</param>
/// <param name="errorScreen">The console of standard error.</param>
/// <param name="isInputRedirected">Whether standard input is not a terminal.</param>
/// <param name="variable">Reads an environment variable.</param>
/// <param name="openOutput">Opens standard output for bytes; null if it accepts text only.</param>
/// <param name="isOutputRedirected">Whether standard output is a file or a pipe instead of a terminal.</param>
internal sealed class Terminal(
    TextReader input, TextWriter output, TextWriter error, IAnsiConsole screen, IAnsiConsole errorScreen, bool isInputRedirected,
    Func<string, string?> variable, Func<Stream>? openOutput = null, bool isOutputRedirected = true)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Default) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions OnOneLine = new(Indented) { WriteIndented = false };

    // A redirected output is not escaped. A terminal would interpret control characters in texts of the server.
    private readonly TextWriter _output = isOutputRedirected ? output : new ScreenWriter(output);

    public TextReader In => input;

    public TextWriter Out => _output;

    public TextWriter Error { get; } = new ScreenWriter(error);

    public IAnsiConsole Screen => screen;

    public IAnsiConsole ErrorScreen => errorScreen;

    public bool IsInputRedirected => isInputRedirected;

    public string? Variable(string name) => variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Opens standard output for bytes.</summary>
    /// <param name="format">The name of the format, for the error.</param>
    /// <param name="isText">Whether the bytes are text.</param>
    /// <exception cref="CommandException">The format is binary, and standard output is a terminal.</exception>
    public Stream OpenOutput(string format, bool isText)
    {
        if (!isText && (openOutput is null || !isOutputRedirected))
            throw new CommandException($"{format} - cannot write to a terminal", ExitCodes.Usage, "redirect standard output to a file or a program");
        _output.Flush();
        return isOutputRedirected && openOutput is not null ? openOutput() : new TextOutput(_output);
    }

    /// <summary>Writes a result as JSON.</summary>
    public void WriteJson(JsonNode? value) => _output.WriteLine(value?.ToJsonString(Indented) ?? "null");

    /// <summary>Writes one of several results as one line of JSON.</summary>
    public void WriteJsonLine(JsonNode value) => _output.WriteLine(value.ToJsonString(OnOneLine));

    /// <summary>Writes a table of texts.</summary>
    public void WriteTable(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Spectre.Console.Table().Border(TableBorder.Simple);
        // Only the last column wraps, so that the values of the others can be copied.
        for (var index = 0; index < columns.Count; index++)
            table.AddColumn(new TableColumn(new Text(OneLine(columns[index]))) { NoWrap = index < columns.Count - 1 });
        foreach (var row in rows)
            table.AddRow(row.Select(static cell => new Text(OneLine(cell))));
        screen.Write(table);
    }

    /// <summary>Writes a message that is not a result.</summary>
    public void Note(string text) => Error.WriteLine(text);

    /// <summary>Escapes a text that is one line or one cell, with its line feeds and tabs.</summary>
    public static string OneLine(string text) => VisibleText.Escape(text).Replace("\n", "\\u000A", StringComparison.Ordinal).Replace("\t", "\\u0009", StringComparison.Ordinal);
}
