using System.Diagnostics;
using DuckDB.NET.Data;

namespace Wharf.Bench;

/// <summary>Runs the formulas in DuckDB, in memory in this process, on as many threads as there are processors.</summary>
internal sealed class DuckDb : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckDb()
    {
        _connection.Open();
        Execute($"SET threads = {Environment.ProcessorCount}");
        try
        {
            Execute("SET TimeZone = 'America/New_York'");
        }
        catch (DuckDBException)
        {
            // The extension for time zones is not available everywhere. Without it, minutes are in UTC, which is less work.
        }
    }

    /// <summary>Returns the duration of a formula line in milliseconds. The result is a table, as on a server.</summary>
    public double Run(FormulaLine line)
    {
        Execute($"CREATE OR REPLACE TABLE t AS SELECT {line.SqlBefore} FROM (SELECT range::INTEGER AS i FROM range({FormulaLine.Rows}))");
        var begun = Stopwatch.GetTimestamp();
        Execute($"CREATE OR REPLACE TABLE r AS {line.Sql}");
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    public void Dispose() => _connection.Dispose();

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
