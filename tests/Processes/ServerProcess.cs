using System.Globalization;

namespace Wharf.Processes;

/// <summary>The server as its users run it: a process of its own, told by its environment, watched by what it prints.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>The key that clients log in with unless a test says otherwise.</summary>
    public const string Psk = "a-key-for-tests-only";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private ServerProcess(RunningProcess process, int port) => (Running, Port) = (process, port);

    /// <summary>The process.</summary>
    public RunningProcess Running { get; }

    /// <summary>The port that it listens on.</summary>
    public int Port { get; }

    /// <summary>Where clients find it.</summary>
    public Uri Address => new($"http://localhost:{Port}");

    /// <summary>Starts a server and waits until it serves.</summary>
    /// <param name="settings">Environment variables; without a port it takes a free one, without a key <see cref="Psk"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string?>? settings = null, CancellationToken cancellationToken = default)
    {
        var process = Launch(settings);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            var serving = await process.WaitForLineAsync(@"^\s*serving on port (\d+)", patience.Token);
            return new ServerProcess(process, int.Parse(serving.Groups[1].Value, CultureInfo.InvariantCulture));
        }
        catch (Exception exception)
        {
            await process.DisposeAsync();
            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new TimeoutException($"the server does not serve after {Patience}; it wrote:\n{process.Output}", exception);
            throw;
        }
    }

    /// <summary>Starts a server and waits for nothing.</summary>
    /// <param name="settings">As in <see cref="StartAsync"/>.</param>
    /// <param name="arguments">The command line.</param>
    public static RunningProcess Launch(IReadOnlyDictionary<string, string?>? settings = null, params string[] arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            ["Wharf__Port"] = "0",
            ["Wharf__Auth__Psk"] = Psk,
            ["DOTNET_ENVIRONMENT"] = "Production",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
            environment[name] = value;
        return RunningProcess.Start("dotnet", [Checkout.Server, .. arguments], environment);
    }

    /// <summary>Asks it to stop.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        Running.Process.Send(Signal.Terminate);
        return await Running.ExitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Running.DisposeAsync();
}
