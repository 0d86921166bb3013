using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Rpc.Tests;

/// <summary>A server whose only plugin is that of <c>samples/Calls</c>.</summary>
public sealed class CallsServer : IAsyncLifetime
{
    private DirectoryInfo? _plugins;
    private ServerProcess? _server;

    public async ValueTask InitializeAsync()
    {
        _plugins = PluginFolder.Make("Calls", Path.Combine("samples", "Calls"));
        _server = await ServerProcess.StartAsync(
            new Dictionary<string, string?>
            {
                ["Wharf__Plugins__Folder"] = _plugins.FullName,
                ["Wharf__Fields__desk__Type"] = "OrderDesk",
                ["Wharf__Fields__example_service__Type"] = "",
                ["Wharf__Fields__echo__Type"] = "",
                ["Wharf__Fields__counter__Type"] = "",
            },
            TestContext.Current.CancellationToken);
    }

    // A call that waits for something that never comes fails within the test's patience.
    public Task<Session> LoginAsync() => Session.ConnectAsync(
        _server!.Address, Credentials.PreSharedKey(ServerProcess.Psk), new() { CallTimeout = TimeSpan.FromSeconds(30) }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _plugins?.Delete(recursive: true);
    }
}
