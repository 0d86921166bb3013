using System.Globalization;

namespace Wharf.Processes;

/// <summary>A PostgreSQL of the test's own, in a folder that goes with it.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";
    private static readonly string? Programs = FindPrograms();

    private readonly RunningProcess _process;
    private readonly DirectoryInfo _folder;
    private readonly int _port;

    private PostgresServer(RunningProcess process, DirectoryInfo folder, int port) => (_process, _folder, _port) = (process, folder, port);

    /// <summary>Whether the machine has one.</summary>
    public static bool IsInstalled => Programs is not null;

    /// <summary>The connection string of its superuser.</summary>
    public string Connection => $"Host=127.0.0.1;Port={_port};Username={User};Database=postgres";

    /// <summary>Starts one and waits until it serves.</summary>
    public static Task<PostgresServer> StartAsync(CancellationToken cancellationToken) => StartAsync(FreePort.Take(), cancellationToken);

    /// <summary>Starts one on a port and waits until it serves.</summary>
    public static async Task<PostgresServer> StartAsync(int port, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wharf-postgres-");
        if (Environment.IsPrivilegedProcess)
            await FinishAsync(RunningProcess.Start("chown", [User, folder.FullName]), cancellationToken);
        await FinishAsync(Start("initdb", ["-D", folder.FullName, "-U", User, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"]), cancellationToken);
        var process = Start("postgres", ["-D", folder.FullName, "-p", port.ToString(CultureInfo.InvariantCulture), "-h", "127.0.0.1", "-k", "", "-F"]);
        try
        {
            await process.WaitForLineAsync("database system is ready to accept connections", cancellationToken);
            return new PostgresServer(process, folder, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    // PostgreSQL refuses to be root.
    private static RunningProcess Start(string program, string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        return Environment.IsPrivilegedProcess
            ? RunningProcess.Start("setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", "--", path, .. arguments])
            : RunningProcess.Start(path, arguments);
    }

    private static async Task FinishAsync(RunningProcess process, CancellationToken cancellationToken)
    {
        await using (process)
        {
            if (await process.ExitAsync(cancellationToken) != 0)
                throw new InvalidOperationException(process.Output);
        }
    }

    private static string? FindPrograms()
    {
        var installed = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        return installed.Select(static version => Path.Combine(version, "bin")).Where(static folder => File.Exists(Path.Combine(folder, "initdb")))
            .Order(StringComparer.Ordinal).LastOrDefault();
    }
}
