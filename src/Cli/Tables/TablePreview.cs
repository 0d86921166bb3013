using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Wharf.Client;
using Wharf.Protocol;

namespace Wharf.Cli.Tables;

/// <summary>The columns and first rows of a table.</summary>
/// <param name="Schema">The columns.</param>
/// <param name="Size">The number of rows of the table.</param>
/// <param name="Batches">The batches that were read, which may have more rows.</param>
/// <param name="Rows">The number of rows of the preview.</param>
internal sealed record TablePreview(Schema Schema, long Size, IReadOnlyList<RecordBatch> Batches, int Rows)
{
    public const string TypeName = "Table";
    public const int DefaultRows = 10;

    /// <summary>Reads only the batches that contain the rows.</summary>
    public static async Task<TablePreview> ReadAsync(Session session, Ticket ticket, int rows, CancellationToken cancellationToken)
    {
        await using var table = await session.OpenTableAsync(ticket, cancellationToken);
        var batches = new List<RecordBatch>();
        var read = 0;
        if (rows > 0)
        {
            await foreach (var batch in table.ReadBatchesAsync(cancellationToken))
            {
                batches.Add(batch);
                read += batch.Length;
                if (read >= rows)
                    break;
            }
        }

        return new TablePreview(table.Schema, table.Size, batches, Math.Min(read, rows));
    }

    /// <summary>Writes the preview as a text table.</summary>
    public static void Write(Terminal terminal, TablePreview table)
    {
        // A table without columns has no frame.
        if (table.Schema.FieldsList.Count > 0)
        {
            terminal.WriteTable(
                [.. table.Schema.FieldsList.Select(static column => $"{column.Name} ({ArrowTypeText.Of(column.DataType)})")],
                table.Cells(static (array, n) => ArrowCell.Text(array, n) ?? "null"));
        }

        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table.Size} rows{(table.Rows < table.Size ? $", the first {table.Rows} shown" : "")}"));
    }

    /// <summary>Returns the preview as JSON.</summary>
    public static JsonObject Describe(TablePreview table)
    {
        var columns = table.Schema.FieldsList;
        if (columns.FirstOrDefault(static column => ArrowCell.FindProblem(column.DataType) is not null) is { } refused)
            throw new CommandException(
                $"--json does not support this table: column '{refused.Name}' is a {ArrowTypeText.Of(refused.DataType)}: {ArrowCell.FindProblem(refused.DataType)}");
        var rows = table.Cells(ArrowCell.Json).Select(row =>
        {
            var entry = new JsonObject();
            for (var n = 0; n < columns.Count; n++)
                entry[columns[n].Name] = row[n];
            return (JsonNode)entry;
        });
        return new JsonObject
        {
            ["type"] = TypeName,
            ["size"] = table.Size,
            ["columns"] = new JsonArray(
            [
                .. columns.Select(static column => (JsonNode)new JsonObject
                {
                    ["name"] = column.Name, ["type"] = ArrowTypeText.Of(column.DataType), ["nullable"] = column.IsNullable,
                }),
            ]),
            ["rows"] = new JsonArray([.. rows]),
        };
    }

    private IEnumerable<IReadOnlyList<T>> Cells<T>(Func<IArrowArray, int, T> read)
    {
        var left = Rows;
        foreach (var batch in Batches)
        {
            for (var row = 0; row < batch.Length && left > 0; row++, left--)
                yield return [.. batch.Arrays.Select(array => read(array, row))];
        }
    }
}
