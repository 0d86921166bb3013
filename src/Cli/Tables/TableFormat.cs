using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Wharf.Client;
using Field = Apache.Arrow.Field;

namespace Wharf.Cli.Tables;

/// <summary>A file format of a whole table.</summary>
/// <param name="Name">The option of the command.</param>
/// <param name="IsText">Whether the format is text, which a terminal can show.</param>
/// <param name="Refusal">Returns the reason why the format cannot hold a column, or null.</param>
/// <param name="Create">Starts a file.</param>
internal sealed record TableFormat(string Name, bool IsText, Func<Field, string?> Refusal, Func<Stream, Schema, TableFile> Create)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static TableFormat Csv { get; } = CsvWith(escapesFormulas: false);

    /// <summary><see cref="Csv"/> for spreadsheets, which compute texts that begin as formulas do.</summary>
    public static TableFormat EscapedCsv { get; } = CsvWith(escapesFormulas: true);

    public static TableFormat Arrow { get; } = new(
        "--arrow", IsText: false, static column => HasArrow(column) ? null : "Arrow's writer does not have the type", TableFile.Arrow);

    public static TableFormat Parquet { get; } = new(
        "--parquet", IsText: false, static column => ParquetFormat.Has(column) ? null : "Parquet has no such type", TableFile.Parquet);

    /// <summary>Refuses a table that the format cannot hold, before anything is written.</summary>
    /// <exception cref="CommandException">A column cannot be written, or the table has no columns.</exception>
    public void Check(Schema schema)
    {
        if (schema.FieldsList.Count == 0)
            throw new CommandException($"the table has no columns, and {Name} writes nothing but columns", advice: "--json writes the number of its rows");
        var refused = schema.FieldsList.Select(column => (Column: column, Reason: Refusal(column))).Where(static column => column.Reason is not null)
            .Select(static column => $"column '{column.Column.Name}' is a {ArrowTypeText.Of(column.Column.DataType)}: {column.Reason}").ToArray();
        if (refused.Length > 0)
            throw new CommandException(
                $"{Name} cannot hold this table: {string.Join("; ", refused)}", advice: Name == Arrow.Name ? null : "--arrow writes every type");
    }

    private static TableFormat CsvWith(bool escapesFormulas) => new("--csv", IsText: true, static column => ArrowCell.Refusal(column.DataType), (stream, schema) =>
        TableFile.Csv(new StreamWriter(stream, Utf8, leaveOpen: true) { AutoFlush = true }, schema, escapesFormulas));

    private static bool HasArrow(Field column)
    {
        try
        {
            using var writer = new ArrowFileWriter(new MemoryStream(), new Schema([column], []));
            writer.WriteStart();
            return true;
        }
        catch (Exception unsupported) when (unsupported is NotSupportedException or NotImplementedException or InvalidOperationException)
        {
            return false;
        }
    }
}
