using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Spectre.Console;
using Wharf.Cli.Connection;
using Wharf.Client;
using Wharf.Protocol;

namespace Wharf.Cli.Tables;

/// <summary><c>wharf table</c>: a table's columns and first rows, or all of it in a file.</summary>
internal static class TableCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var target = new Argument<string>("ticket") { Description = ObjectName.Description, HelpName = "ticket" };
        var rows = new Option<int>("--rows", "-n") { Description = "How many rows to show.", HelpName = "rows", DefaultValueFactory = static _ => TablePreview.DefaultRows };
        rows.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
                result.AddError("--rows is 0 or more");
        });
        var csv = new Option<string?>("--csv") { Description = "Write the whole table to this file as comma-separated values; - is standard output.", HelpName = "file" };
        var arrow = new Option<string?>("--arrow") { Description = "Write the whole table to this Arrow file.", HelpName = "file" };
        var parquet = new Option<string?>("--parquet") { Description = "Write the whole table to this Parquet file.", HelpName = "file" };
        connection.Completes(target);
        var command = new Command("table", "Show a table's columns and first rows, or write all of it to a file.") { target, rows, csv, arrow, parquet };
        command.Validators.Add(result =>
        {
            if (new[] { csv, arrow, parquet }.Count(option => result.GetResult(option) is not null) > 1)
                result.AddError("--csv, --arrow and --parquet: only one at a time");
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = await connection.ConnectAsync(result, cancellationToken);
            var source = await ObjectName.FindAsync(session, result.GetValue(target)!, cancellationToken);
            if (source.Type is not ("" or TablePreview.TypeName))
                throw new CommandException($"'{result.GetValue(target)}' is a {source.Type}, not a table", ExitCodes.Usage, "wharf call and wharf watch talk to objects");
            var json = result.GetValue(connection.Json);
            if (result.GetValue(csv) is { } csvPath)
                await SaveAsync(terminal, session, source.Ticket, csvPath, json, schema => Csv(terminal, csvPath, schema), cancellationToken);
            else if (result.GetValue(arrow) is { } arrowPath)
                await SaveAsync(terminal, session, source.Ticket, arrowPath, json, schema => TableFile.Arrow(File.Create(arrowPath), schema), cancellationToken);
            else if (result.GetValue(parquet) is { } parquetPath)
                await SaveAsync(terminal, session, source.Ticket, parquetPath, json, schema => TableFile.Parquet(File.Create(parquetPath), schema), cancellationToken);
            else if (json)
                terminal.WriteJson(TablePreview.Describe(await TablePreview.ReadAsync(session, source.Ticket, result.GetValue(rows), cancellationToken)));
            else
                TablePreview.Write(terminal, await TablePreview.ReadAsync(session, source.Ticket, result.GetValue(rows), cancellationToken));
            return ExitCodes.Success;
        });
        return command;
    }

    private static TableFile Csv(Terminal terminal, string path, Schema schema) => path == "-"
        ? TableFile.Csv(terminal.Out, leaveOpen: true, schema)
        : TableFile.Csv(new StreamWriter(path, append: false, new UTF8Encoding(false)), leaveOpen: false, schema);

    private static async Task SaveAsync(Terminal terminal, Session session, Ticket ticket, string path, bool json, Func<Schema, TableFile> create, CancellationToken cancellationToken)
    {
        await using var table = await session.OpenTableAsync(ticket, cancellationToken);
        var file = create(table.Schema);
        var isWhole = false;
        try
        {
            await terminal.ErrorScreen.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
            {
                var task = progress.AddTask("rows", maxValue: Math.Max(1, table.Size));
                await foreach (var batch in table.ReadBatchesAsync(cancellationToken))
                {
                    using (batch)
                        await file.WriteAsync(batch, cancellationToken);
                    task.Increment(batch.Length);
                }
            });
            await file.CompleteAsync(cancellationToken);
            isWhole = true;
        }
        finally
        {
            await file.DisposeAsync();
            // Half a table looks like a whole one.
            if (!isWhole && path != "-")
                File.Delete(path);
        }

        if (json && path != "-")
            terminal.WriteJson(new JsonObject { ["file"] = path, ["rows"] = table.Size });
        else
            terminal.Note($"{table.Size} rows written to {(path == "-" ? "standard output" : path)}");
    }
}
