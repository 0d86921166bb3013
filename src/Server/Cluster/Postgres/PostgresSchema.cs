using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Wharf.Server.Cluster.Postgres;

/// <summary>
/// Creates the tables and statements of <c>Schema.sql</c> before Orleans uses them. A complete database requires no permission to change it. If several
/// nodes find them missing at the same time, one creates them and the others wait.
/// </summary>
internal sealed class PostgresSchema(string connectionString)
{
    /// <summary>The key of the schema version in the table of statements, where Orleans ignores it.</summary>
    private const string VersionKey = "WharfSchema";

    /// <summary>The advisory lock of the node that creates the tables; a number without another use in this database.</summary>
    private const long Lock = 0x5768_6172_66;

    /// <summary>Creates missing tables and statements.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public async Task CompleteAsync(CancellationToken cancellationToken)
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

    private static async Task<string?> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var known = new NpgsqlCommand(
            "SELECT bool_and(to_regclass(name) IS NOT NULL) "
            + "FROM unnest(ARRAY['OrleansQuery', 'OrleansMembershipVersionTable', 'OrleansMembershipTable', 'OrleansStorage']) AS name",
            connection);
        if (!(bool)(await known.ExecuteScalarAsync(cancellationToken))!)
            return null;
        await using var version = new NpgsqlCommand("SELECT QueryText FROM OrleansQuery WHERE QueryKey = $1", connection) { Parameters = { new() { Value = VersionKey } } };
        return (string?)await version.ExecuteScalarAsync(cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The texts are constants and the script of this assembly; values are parameters.")]
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
