using Npgsql;
using Wharf.Processes;

namespace Wharf.Cluster.Tests;

/// <summary>A cluster that is kept in PostgreSQL. Nobody has prepared the database.</summary>
public sealed class OverPostgres
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_that_start_at_once_are_a_cluster_and_outlive_one_of_them()
    {
        Require();
        await using var postgres = await PostgresServer.StartAsync(Token);
        var starting = new[] { StartAsync(postgres.Connection), StartAsync(postgres.Connection) };
        await using var a = await starting[0];
        await using var b = await starting[1];
        await CoreScenario.RunAsync(a, b, Token);

        // Once the tables are there a node needs no right to make any.
        await using var c = await StartAsync(await MakePlainUserAsync(postgres.Connection));
        await CoreScenario.RunAsync(b, c, Token);

        // A gateway without a silo finds the silos there, too.
        await using var gateway = await ServerProcess.StartAsync(new Dictionary<string, string?>(Settings(postgres.Connection)) { ["Wharf__Role"] = "gateway" }, Token);
        await CoreScenario.RunAsync(gateway, b, Token);

        a.Running.Process.Send(Signal.Kill);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        await CoreScenario.SurviveAsync(b, patience.Token);
        await CoreScenario.SurviveAsync(c, patience.Token);
        await CoreScenario.SurviveAsync(gateway, patience.Token);
    }

    private static Task<ServerProcess> StartAsync(string connection) => ServerProcess.StartAsync(Settings(connection), Token);

    private static async Task<string> MakePlainUserAsync(string superuser)
    {
        await using var source = NpgsqlDataSource.Create(superuser);
        await using var command = source.CreateCommand(
            "CREATE ROLE plain LOGIN; GRANT USAGE ON SCHEMA wharf TO plain; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA wharf TO plain");
        await command.ExecuteNonQueryAsync(Token);
        return new NpgsqlConnectionStringBuilder(superuser) { Username = "plain" }.ConnectionString;
    }

    private static Dictionary<string, string?> Settings(string connection) => new()
    {
        ["Wharf__Auth__TokenKey__0"] = Convert.ToBase64String("a token key of the tests, 32 bytes"u8),
        ["Wharf__Cluster__Postgres"] = connection,
        ["Wharf__Cluster__SiloPort"] = $"{FreePort.Take()}",
        ["Wharf__Node__ClientPort"] = $"{FreePort.Take()}",
    };

    internal static void Require()
    {
        if (!PostgresServer.IsInstalled && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Skip("there is no PostgreSQL server on this machine");
        Assert.True(PostgresServer.IsInstalled, "there is no PostgreSQL server on this machine");
    }
}
