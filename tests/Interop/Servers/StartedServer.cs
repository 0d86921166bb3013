namespace Wharf.Interop;

/// <summary>A server on a free port, for all tests of a class.</summary>
public sealed class StartedServer<TServer> : IAsyncLifetime
    where TServer : IServerFactory
{
    public IServerUnderTest Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await TServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
    }
}
