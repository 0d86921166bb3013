using System.Data.Common;
using Npgsql;
using Wharf.Grains.Fields;

namespace Wharf.Server.Cluster.Postgres;

/// <summary>Keeps in PostgreSQL who belongs to the cluster, and what must outlive a node.</summary>
internal static class PostgresHosting
{
    /// <summary>The name by which ADO.NET knows PostgreSQL.</summary>
    private const string Invariant = "Npgsql";

    /// <summary>For a node.</summary>
    public static void UsePostgres(this ISiloBuilder silo, string setting)
    {
        var connection = Prepare(silo.Services, setting);
        silo.UseAdoNetClustering(database => (database.Invariant, database.ConnectionString) = (Invariant, connection));
        silo.AddAdoNetGrainStorage(FieldStorage.Name, database => (database.Invariant, database.ConnectionString) = (Invariant, connection));
    }

    /// <summary>For a process that only uses the cluster.</summary>
    public static void UsePostgres(this IClientBuilder client, string setting)
    {
        var connection = Prepare(client.Services, setting);
        client.UseAdoNetClustering(database => (database.Invariant, database.ConnectionString) = (Invariant, connection));
    }

    private static string Prepare(IServiceCollection services, string setting)
    {
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        var connection = PostgresSchema.Complete(setting);
        services.AddHostedService(_ => new PostgresSchema(connection));
        return connection;
    }
}
