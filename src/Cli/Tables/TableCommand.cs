using System.CommandLine;
using Wharf.Cli.Connection;

namespace Wharf.Cli.Tables;

/// <summary><c>wharf table</c>: shows the columns and first rows of a table, or writes the table to a file.</summary>
internal static class TableCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var target = new Argument<string>("ticket") { Description = ObjectName.Description, HelpName = "ticket" };
        var rows = new Option<int>("--rows", "-n") { Description = "The number of rows to show.", HelpName = "rows", DefaultValueFactory = static _ => TablePreview.DefaultRows };
        rows.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
                result.AddError("--rows must be at least 0");
        });
        var csv = new Option<string?>("--csv") { Description = "Write the whole table to this file as CSV; - is standard output.", HelpName = "file" };
        var escape = new Option<bool>("--escape-formulas")
        {
            Description = "With --csv: put an apostrophe before texts that a spreadsheet would evaluate. They begin with =, +, -, @, a tab or a line break.",
        };
        var arrow = new Option<string?>("--arrow") { Description = "Write the whole table to this Arrow file; - is standard output.", HelpName = "file" };
        var parquet = new Option<string?>("--parquet") { Description = "Write the whole table to this Parquet file; - is standard output.", HelpName = "file" };
        connection.CompleteObjectNames(target);
        var command = new Command("table", "Show the columns and first rows of a table, or write the whole table to a file.") { target, rows, csv, escape, arrow, parquet };
        command.Validators.Add(result =>
        {
            if (new[] { csv, arrow, parquet }.Count(option => result.GetResult(option) is not null) > 1)
                result.AddError("--csv, --arrow and --parquet cannot be combined");
            if (result.GetResult(escape) is { Implicit: false } && result.GetResult(csv) is null)
                result.AddError("--escape-formulas needs --csv");
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = await connection.ConnectAsync(result, cancellationToken);
            var source = await ObjectName.FindAsync(session, result.GetValue(target)!, cancellationToken);
            if (source.Type is not ("" or TablePreview.TypeName))
                throw new CommandException($"'{result.GetValue(target)}' is a {source.Type}, not a table", ExitCodes.Usage, "use wharf call or wharf watch for objects");
            var json = result.GetValue(connection.Json);
            var (format, path) = result.GetValue(csv) is { } csvPath ? (result.GetValue(escape) ? TableFormat.EscapedCsv : TableFormat.Csv, csvPath)
                : result.GetValue(arrow) is { } arrowPath ? (TableFormat.Arrow, arrowPath)
                : (TableFormat.Parquet, result.GetValue(parquet));
            if (path is not null)
                await new TableExport(terminal, format, path).RunAsync(session, source.Ticket, json, cancellationToken);
            else if (json)
                terminal.WriteJson(TablePreview.Describe(await TablePreview.ReadAsync(session, source.Ticket, result.GetValue(rows), cancellationToken)));
            else
                TablePreview.Write(terminal, await TablePreview.ReadAsync(session, source.Ticket, result.GetValue(rows), cancellationToken));
            return ExitCodes.Success;
        });
        return command;
    }
}
