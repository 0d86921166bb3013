using Npgsql;
using Wharf.Server.Cluster.Store;

namespace Wharf.Server.Cluster.Postgres;

/// <summary>The PostgreSQL database of a cluster.</summary>
internal sealed class PostgresStore(NpgsqlConnectionStringBuilder connection) : ClusterStore
{
    private const string DefaultSchema = "wharf";

    /// <inheritdoc/>
    public override string Name => "PostgreSQL";

    /// <inheritdoc/>
    public override string Setting => $"{MembershipOptions.Section}:{nameof(MembershipOptions.Postgres)}";

    /// <inheritdoc/>
    public override string Addresses =>
        string.Join(", ", (connection.Host ?? "").Split(',').Select(host => host.Contains(':', StringComparison.Ordinal) ? host : $"{host}:{connection.Port}"));

    /// <summary>The connection string for Orleans.</summary>
    public string ConnectionString => connection.ConnectionString;

    /// <summary>Reads a connection string. Adds a default schema and a fixed time zone, so that times mean the same on every node.</summary>
    /// <exception cref="FormatException">The text is not a connection string. The message does not contain it, because it may have a password.</exception>
    public static PostgresStore Read(string connectionString)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(connectionString) { Timezone = "UTC" };
            if (string.IsNullOrWhiteSpace(connection.Host))
                throw new FormatException("no host");
            if (string.IsNullOrWhiteSpace(connection.SearchPath))
                connection.SearchPath = DefaultSchema;
            return new PostgresStore(connection);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or OverflowException or InvalidCastException or KeyNotFoundException)
        {
            throw new FormatException(
                $"{MembershipOptions.Section}:{nameof(MembershipOptions.Postgres)} is not a connection string of PostgreSQL: "
                + "Host=...;Port=...;Username=...;Password=...;Database=... A keyword is unknown, has a wrong value or is missing; "
                + "a value with a semicolon needs quotes");
        }
    }

    /// <inheritdoc/>
    public override Task PrepareAsync(CancellationToken cancellationToken) => new PostgresSchema(ConnectionString).CompleteAsync(cancellationToken);

    /// <inheritdoc/>
    public override async Task RaiseVersionAsync(string clusterId, int from, int to, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(
            "UPDATE OrleansMembershipVersionTable SET Timestamp = now(), Version = $3 WHERE DeploymentId = $1 AND Version = $2");
        command.Parameters.Add(new NpgsqlParameter { Value = clusterId });
        command.Parameters.Add(new NpgsqlParameter { Value = from });
        command.Parameters.Add(new NpgsqlParameter { Value = to });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override bool IsTransient(Exception failure) => failure switch
    {
        PostgresException answer => answer.IsTransient,
        // Without an inner exception the driver rejected the call, for example because of a missing password.
        NpgsqlException { InnerException: null } => false,
        NpgsqlException or TimeoutException or System.Net.Sockets.SocketException => true,
        _ => false,
    };

    /// <inheritdoc/>
    public override bool IsMissing(Exception failure) => failure switch
    {
        PostgresException answer => answer.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName,
        // Orleans throws these for a table without its version.
        ArgumentException or InvalidOperationException => failure is not ObjectDisposedException,
        _ => false,
    };

    /// <inheritdoc/>
    public override string Reason(Exception failure) => failure switch
    {
        PostgresException answer => answer.MessageText,
        NpgsqlException { InnerException: null } => failure.Message,
        _ => base.Reason(failure),
    };
}
