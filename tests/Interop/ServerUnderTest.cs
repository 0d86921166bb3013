using Wharf.Processes;

namespace Wharf.Interop;

/// <summary>One server that is everything.</summary>
public sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly ServerProcess _server;

    private ServerUnderTest(ServerProcess server) => _server = server;

    /// <summary>The port that clients are told.</summary>
    public int Port => _server.Port;

    /// <summary>Starts it.</summary>
    public static async Task<ServerUnderTest> StartAsync(IReadOnlyDictionary<string, string?>? settings = null) =>
        new(await ServerProcess.StartAsync(settings, TestContext.Current.CancellationToken));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
