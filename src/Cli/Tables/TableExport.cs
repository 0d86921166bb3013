using System.Text.Json.Nodes;
using ParquetSharp;
using Spectre.Console;
using Wharf.Cli.Output;
using Wharf.Client;
using Wharf.Protocol;

namespace Wharf.Cli.Tables;

/// <summary>Writes a whole table to a file or to standard output.</summary>
internal sealed class TableExport(Terminal terminal, TableFormat format, string path)
{
    private const string StandardOutput = "-";

    /// <summary>Downloads the table and writes it.</summary>
    /// <exception cref="CommandException">The format does not support the table, or the output cannot be written.</exception>
    public async Task RunAsync(Session session, Ticket ticket, bool json, CancellationToken cancellationToken)
    {
        await using var table = await session.OpenTableAsync(ticket, cancellationToken);
        format.Check(table.Schema);
        if (path == StandardOutput)
        {
            await WriteAsync(table, terminal.OpenOutput(format.Name, format.IsText), cancellationToken);
        }
        else
        {
            await using var file = OutputFile.Open(path);
            await WriteAsync(table, file.Stream, cancellationToken);
            try
            {
                await file.CompleteAsync(cancellationToken);
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                throw ToError(failed);
            }
        }

        if (json && path != StandardOutput)
            terminal.WriteJson(new JsonObject { ["file"] = path, ["rows"] = table.Size });
        else
            terminal.Note($"{table.Size} rows written to {(path == StandardOutput ? "standard output" : path)}");
    }

    private async Task WriteAsync(Client.Table table, Stream stream, CancellationToken cancellationToken)
    {
        // The writers of the formats wrap or lose exceptions of the stream.
        var output = new FirstFailure(stream);
        TableFile? file = null;
        try
        {
            file = format.Create(output, table.Schema);
            await terminal.ErrorScreen.Progress().AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
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
        }
        catch (Exception failed) when (output.Failure is not null || failed is ParquetException)
        {
            throw ToError(output.Failure ?? failed);
        }
        finally
        {
            await DisposeQuietlyAsync(file);
        }

        if (output.Failure is { } lost)
            throw ToError(lost);
    }

    private Exception ToError(Exception failure) => failure switch
    {
        ClosedOutputException => failure,
        ParquetException parquet => new CommandException($"{Place} cannot be written: {MessageOf(parquet)}"),
        // The message already names standard output.
        _ when path == StandardOutput => new CommandException(failure.Message),
        _ => new CommandException($"{Place} cannot be written: {failure.Message}"),
    };

    private string Place => path == StandardOutput ? "standard output" : $"'{path}'";

    // The library's message starts with the name of its exception class.
    private static string MessageOf(ParquetException failure)
    {
        var begin = failure.Message.IndexOf("(message: '", StringComparison.Ordinal);
        return begin < 0 ? failure.Message : failure.Message[(begin + "(message: '".Length)..].TrimEnd(')', '\'');
    }

    private static async ValueTask DisposeQuietlyAsync(TableFile? file)
    {
        try
        {
            if (file is not null)
                await file.DisposeAsync();
        }
        catch (Exception again) when (again is IOException or ParquetException or ObjectDisposedException)
        {
            // The first failure is reported.
        }
    }
}
