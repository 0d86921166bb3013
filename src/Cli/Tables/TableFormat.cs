using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Wharf.Client;
using Field = Apache.Arrow.Field;

namespace Wharf.Cli.Tables;

/// <summary>A file format of a whole table.</summary>
/// <param name="Name">The option of the command.</param>
/// <param name="IsText">Whether the format is text, which a terminal can show.</param>
/// <param name="FindProblem">Returns the reason why the format does not support a column, or null.</param>
/// <param name="Create">Starts a file.</param>
internal sealed record TableFormat(string Name, bool IsText, Func<Field, string?> FindProblem, Func<Stream, Schema, TableFile> Create)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static TableFormat Csv { get; } = CsvWith(escapesFormulas: false);

    /// <summary><see cref="Csv"/> for spreadsheets, which evaluate texts that begin like formulas.</summary>
    public static TableFormat EscapedCsv { get; } = CsvWith(escapesFormulas: true);

    public static TableFormat Arrow { get; } = new(
        "--arrow", IsText: false, static column => HasArrow(column) ? null : "the Arrow writer does not support the type", TableFile.Arrow);

    public static TableFormat Parquet { get; } = new(
        "--parquet", IsText: false, static column => ParquetFormat.Has(column) ? null : "Parquet does not support the type", TableFile.Parquet);

    /// <summary>Rejects a table that the format does not support, before anything is written.</summary>
    /// <exception cref="CommandException">A column cannot be written, or the table has no columns.</exception>
    public void Check(Schema schema)
    {
        if (schema.FieldsList.Count == 0)
            throw new CommandException($"the table has no columns, which {Name} does not support", advice: "use --json, which writes the number of rows");
        var refused = schema.FieldsList.Select(column => (Column: column, Reason: FindProblem(column))).Where(static column => column.Reason is not null)
            .Select(static column => $"column '{column.Column.Name}' is a {ArrowTypeText.Of(column.Column.DataType)}: {column.Reason}").ToArray();
        if (refused.Length > 0)
            throw new CommandException(
                $"{Name} does not support this table: {string.Join("; ", refused)}", advice: Name == Arrow.Name ? null : "--arrow supports all types");
    }

    private static TableFormat CsvWith(bool escapesFormulas) => new("--csv", IsText: true, static column => ArrowCell.FindProblem(column.DataType), (stream, schema) =>
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
