using Xunit.v3;
using Wharf.Interop;

[assembly: Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Wharf.Interop;

/// <summary>The server as the guide's programs expect it: on the default port, with the key that is printed in the guide. Whoever needs it goes one after the other.</summary>
public sealed class GuideServer<TServer> : IAsyncLifetime
    where TServer : IServerFactory
{
    /// <summary>The running server.</summary>
    public IServerUnderTest Server { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() =>
        Server = await TServer.StartAsync(new Dictionary<string, string?> { ["Wharf__Port"] = null, ["Wharf__Auth__Psk"] = "YOUR_PASSWORD_HERE" });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
    }
}
