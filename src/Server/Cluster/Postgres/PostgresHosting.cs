using System.Data.Common;
using Npgsql;
using Wharf.Grains.Fields;

namespace Wharf.Server.Cluster.Postgres;

/// <summary>Stores the members and the persistent state of the cluster in PostgreSQL.</summary>
internal static class PostgresHosting
{
    /// <summary>The invariant name of the ADO.NET provider.</summary>
    private const string Invariant = "Npgsql";

    /// <summary>Adds PostgreSQL to a node.</summary>
    public static void UsePostgres(this ISiloBuilder silo, PostgresStore store)
    {
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        silo.UseAdoNetClustering(database => (database.Invariant, database.ConnectionString) = (Invariant, store.ConnectionString));
        silo.AddAdoNetGrainStorage(FieldStorage.Name, database => (database.Invariant, database.ConnectionString) = (Invariant, store.ConnectionString));
    }

    /// <summary>Adds PostgreSQL to a client of the cluster.</summary>
    public static void UsePostgres(this IClientBuilder client, PostgresStore store)
    {
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        client.UseAdoNetClustering(database => (database.Invariant, database.ConnectionString) = (Invariant, store.ConnectionString));
    }
}
