using System.Net;
using System.Net.Sockets;

namespace Wharf.Processes;

/// <summary>A Redis of the test's own, in memory.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string[] _options;
    private RunningProcess? _process;

    private RedisServer(RunningProcess process, int port, string[] options) => (_process, Port, _options) = (process, port, options);

    /// <summary>Whether the machine has one.</summary>
    public static bool IsInstalled => Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "redis-server"))) == true;

    /// <summary>The port on loopback.</summary>
    public int Port { get; }

    /// <summary>Starts one and waits until it serves.</summary>
    public static Task<RedisServer> StartAsync(CancellationToken cancellationToken) => StartAsync(FreePort.Take(), [], cancellationToken);

    /// <summary>Starts one on a port, with further options, and waits until it serves.</summary>
    public static async Task<RedisServer> StartAsync(int port, string[] options, CancellationToken cancellationToken) =>
        new(await LaunchAsync(port, options, cancellationToken), port, options);

    /// <summary>Sends it a signal.</summary>
    public void Send(Signal signal) => (_process ?? throw new InvalidOperationException("Redis is stopped")).Process.Send(signal);

    /// <summary>Stops it.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _process, null) is { } process)
            await process.DisposeAsync();
    }

    /// <summary>Stops it and starts it again, without its data.</summary>
    public async Task RestartEmptyAsync(CancellationToken cancellationToken)
    {
        await StopAsync();
        _process = await LaunchAsync(Port, _options, cancellationToken);
    }

    /// <summary>Sends commands on one connection, each a line.</summary>
    /// <returns>The first line of each answer.</returns>
    public async Task<IReadOnlyList<string>> SendAsync(CancellationToken cancellationToken, params string[] commands)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        var answers = new List<string>();
        foreach (var command in commands)
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(command + "\r\n"), cancellationToken);
            answers.Add(await reader.ReadLineAsync(cancellationToken) ?? throw new IOException("Redis has closed the connection"));
        }

        return answers;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task<RunningProcess> LaunchAsync(int port, string[] options, CancellationToken cancellationToken)
    {
        var process = RunningProcess.Start("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. options]);
        try
        {
            await process.WaitForLineAsync("Ready to accept connections", cancellationToken);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
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
