using Wharf.Processes;

namespace Wharf.Interop;

/// <summary>One server that is everything.</summary>
public sealed class SingleServer : IServerUnderTest, IServerFactory
{
    private readonly ServerProcess _server;

    private SingleServer(ServerProcess server) => _server = server;

    /// <summary>The port that clients are told.</summary>
    public int Port => _server.Port;

    /// <summary>Starts it.</summary>
    public static async Task<IServerUnderTest> StartAsync(IReadOnlyDictionary<string, string?>? settings = null) =>
        new SingleServer(await ServerProcess.StartAsync(settings, TestContext.Current.CancellationToken));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
