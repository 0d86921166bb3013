using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Wharf.Processes;

namespace Wharf.Interop;

/// <summary>The C# client against Deephaven's own server with the guide's Python plugin, where the machine has one: <c>reference/start.sh PORT KEY</c> among the test assets.</summary>
public sealed class ReferenceServer
{
    [Fact]
    public async Task The_sample_client_calls_the_guides_python_plugin()
    {
        var start = TestAssets.Reference;
        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        await using var server = RunningProcess.Start("sh", [start, port, "a-key", "300000", "1g"]);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        await server.WaitForLineAsync("^READY", patience.Token);
        SampleProgram.AssertConversation(await SampleProgram.RunAsync("Client", $"http://localhost:{port}", "a-key"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
