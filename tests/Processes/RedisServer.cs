using System.Net;
using System.Net.Sockets;

namespace Wharf.Processes;

/// <summary>A Redis of the test's own, in memory.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly RunningProcess _process;

    private RedisServer(RunningProcess process, int port) => (_process, Port) = (process, port);

    /// <summary>Whether the machine has one.</summary>
    public static bool IsInstalled => Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "redis-server"))) == true;

    /// <summary>The port on loopback.</summary>
    public int Port { get; }

    /// <summary>Starts one and waits until it serves.</summary>
    public static async Task<RedisServer> StartAsync(CancellationToken cancellationToken)
    {
        var port = FreePort.Take();
        var process = RunningProcess.Start("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        try
        {
            await process.WaitForLineAsync("Ready to accept connections", cancellationToken);
            return new RedisServer(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}

/// <summary>Ports for programs that cannot choose one by themselves.</summary>
public static class FreePort
{
    /// <summary>A port of loopback that nobody listened on a moment ago.</summary>
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
