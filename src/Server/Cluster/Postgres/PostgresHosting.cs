using System.Data.Common;
using Npgsql;
using Wharf.Grains.Fields;

namespace Wharf.Server.Cluster.Postgres;

/// <summary>Keeps the members and the persistent state of the cluster in PostgreSQL.</summary>
internal static class PostgresHosting
{
    /// <summary>The name by which ADO.NET knows PostgreSQL.</summary>
    private const string Invariant = "Npgsql";

    /// <summary>For a node.</summary>
    public static void UsePostgres(this ISiloBuilder silo, PostgresStore store)
    {
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        silo.UseAdoNetClustering(database => (database.Invariant, database.ConnectionString) = (Invariant, store.ConnectionString));
        silo.AddAdoNetGrainStorage(FieldStorage.Name, database => (database.Invariant, database.ConnectionString) = (Invariant, store.ConnectionString));
    }

    /// <summary>For a process that only uses the cluster.</summary>
    public static void UsePostgres(this IClientBuilder client, PostgresStore store)
    {
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        client.UseAdoNetClustering(database => (database.Invariant, database.ConnectionString) = (Invariant, store.ConnectionString));
    }
}
