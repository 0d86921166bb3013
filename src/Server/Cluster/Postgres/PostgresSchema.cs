using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Wharf.Server.Cluster.Postgres;

/// <summary>
/// Has the tables and statements of <c>Schema.sql</c> in the database before Orleans asks for them. A database that has them needs no right to change it; of nodes that find
/// them missing at the same moment one makes them and the others wait.
/// </summary>
internal sealed class PostgresSchema(string connectionString) : IHostedLifecycleService
{
    private const string DefaultSchema = "wharf";

    /// <summary>Where the version of the schema is written: among the statements, where Orleans does not mind it.</summary>
    private const string VersionKey = "WharfSchema";

    /// <summary>The lock of who makes the tables; any number that nobody else uses in this database.</summary>
    private const long Lock = 0x5768_6172_66;

    /// <summary>The setting with what Orleans has to be told: a schema of its own unless the operator names one, and times that mean the same on every node.</summary>
    public static string Complete(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString) { Timezone = "UTC" };
        if (string.IsNullOrWhiteSpace(connection.SearchPath))
            connection.SearchPath = DefaultSchema;
        return connection.ConnectionString;
    }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var script = ReadScript();
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await ReadVersionAsync(connection, cancellationToken) == version)
            return;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock($1)", [Lock], cancellationToken);
        if (await ReadVersionAsync(connection, cancellationToken) == version)
            return;
        await using (var path = new NpgsqlCommand("SELECT format('CREATE SCHEMA IF NOT EXISTS %I', (parse_ident(split_part(current_setting('search_path'), ',', 1)))[1])", connection))
            await ExecuteAsync(connection, (string)(await path.ExecuteScalarAsync(cancellationToken))!, [], cancellationToken);
        await ExecuteAsync(connection, script, [], cancellationToken);
        await ExecuteAsync(
            connection,
            "INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ($1, $2) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = EXCLUDED.QueryText",
            [VersionKey, version],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<string?> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var known = new NpgsqlCommand("SELECT to_regclass('OrleansQuery') IS NOT NULL", connection);
        if (!(bool)(await known.ExecuteScalarAsync(cancellationToken))!)
            return null;
        await using var version = new NpgsqlCommand("SELECT QueryText FROM OrleansQuery WHERE QueryKey = $1", connection) { Parameters = { new() { Value = VersionKey } } };
        return (string?)await version.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, object[] values, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(text, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string ReadScript()
    {
        using var stream = typeof(PostgresSchema).Assembly.GetManifestResourceStream("Wharf.Server.Cluster.Postgres.Schema.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
