using System.Diagnostics;
using DuckDB.NET.Data;

namespace Wharf.Bench;

/// <summary>The lines of formulas in DuckDB, in this process and in memory, on as many threads as there are processors.</summary>
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
            // Time zones are an extension that is not in the package everywhere; minutes then are UTC's, which is less work.
        }
    }

    /// <summary>How long a line takes, in milliseconds; the result is a table, as it is at a server.</summary>
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
