using Wharf.Interop.Python;
using Wharf.Processes;

namespace Wharf.Interop;

/// <summary>The sample program that starts a server itself, as the guide does: its clients' program runs against it, and Ctrl+C ends it.</summary>
public sealed class ServerOfTheGuideInAProgram
{
    private static string Sample => Path.Combine(Checkout.Root, "samples", "Guide", "Server", "bin", Checkout.Configuration, "net10.0", "GuideServer.dll");

    [Fact]
    public async Task The_client_program_runs_unmodified_and_then_Ctrl_C_ends_the_server()
    {
        await using var server = RunningProcess.Start("dotnet", [Sample]);
        await server.WaitForLineAsync("^Serving on port 10000", TestContext.Current.CancellationToken);

        GuideProgram.AssertConversation(await PythonEnvironment.OfTheGuide.RunAsync(
            [GuideProgram.PathOf("run_client.py")], GuideProgram.WithProxy(Path.Combine(TestAssets.Guide, "client"))));
        using (var proxy = ProxyForTheCurrentClient.Make(TestAssets.Guide))
            GuideProgram.AssertConversation(await PythonEnvironment.Current.RunAsync([GuideProgram.PathOf("run_client.py")], GuideProgram.WithProxy(proxy.Folder)));

        server.Process.Send(Signal.Interrupt);
        Assert.Equal(0, await server.ExitAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain("fail:", server.Output, StringComparison.Ordinal);
    }
}
