using Wharf.Processes;

namespace Wharf.Packaging.Tests.Templates;

/// <summary>The dotnet command, which ends well or fails the test with what it said.</summary>
internal static class Dotnet
{
    public static async Task<string> RunAsync(string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var all = new Dictionary<string, string?>(environment) { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1" };
        await using var process = RunningProcess.Start("dotnet", arguments, all, folder);
        var code = await process.ExitAsync(TestContext.Current.CancellationToken);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)} ended with {code}:\n{process.Output}");
        return process.Output;
    }

    /// <summary>Packs a project of this checkout as it is built.</summary>
    public static Task PackAsync(string project, string output) =>
        RunAsync(Checkout.Root, new Dictionary<string, string?>(), "pack", project, "--no-build", "--configuration", Checkout.Configuration, "--output", output);
}
