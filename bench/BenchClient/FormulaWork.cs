using System.Diagnostics;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>Measures formulas and filters of a server, over many rows, and over ten rows with formulas that are not cached.</summary>
internal sealed class FormulaWork(Connection connection)
{
    private readonly TableService.TableServiceClient _tables = new(connection.Channel);
    private readonly SessionService.SessionServiceClient _sessions = new(connection.Channel);
    private int _next = 1;

    /// <summary>Returns the duration of a line in milliseconds. Each call uses a new table.</summary>
    public async Task<double> RunAsync(FormulaLine line)
    {
        var empty = await EmptyAsync(FormulaLine.Rows);
        var source = await UpdateAsync(empty, [.. line.Before, $"Z{_next} = {_next}"]);
        var begun = Stopwatch.GetTimestamp();
        var result = line.IsFilter ? await FilterAsync(source, line.Formulas[0]) : await UpdateAsync(source, line.Formulas);
        var took = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        foreach (var ticket in new[] { result, source, empty })
            await _sessions.ReleaseAsync(new() { Id = ticket }, connection.Headers);
        return took;
    }

    /// <summary>Measures ten rows with a different formula each time.</summary>
    public async Task<Durations> SmallAsync(TimeSpan time)
    {
        var empty = await EmptyAsync(10);
        var durations = new Durations();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            var begun = Stopwatch.GetTimestamp();
            var result = await UpdateAsync(empty, [$"X = i + {_next}"]);
            durations.Add(Stopwatch.GetElapsedTime(begun));
            await _sessions.ReleaseAsync(new() { Id = result }, connection.Headers);
        }

        return durations;
    }

    private async Task<Ticket> EmptyAsync(long rows)
    {
        var result = Tickets.Export(_next++);
        await _tables.EmptyTableAsync(new() { ResultId = result, Size = rows }, connection.Headers);
        return result;
    }

    private async Task<Ticket> UpdateAsync(Ticket source, string[] formulas)
    {
        var result = Tickets.Export(_next++);
        await _tables.UpdateAsync(new() { ResultId = result, SourceId = new() { Ticket = source }, ColumnSpecs = { formulas } }, connection.Headers);
        return result;
    }

    private async Task<Ticket> FilterAsync(Ticket source, string condition)
    {
        var result = Tickets.Export(_next++);
        await _tables.UnstructuredFilterAsync(new() { ResultId = result, SourceId = new() { Ticket = source }, Filters = { condition } }, connection.Headers);
        return result;
    }
}
