using Wharf.Processes;

namespace Wharf.Interop;

/// <summary>A program of <c>samples/Guide</c>, as it was built.</summary>
internal static class SampleProgram
{
    /// <summary>Starts it.</summary>
    public static RunningProcess Start(string project, params string[] arguments) =>
        RunningProcess.Start("dotnet", [Path.Combine(Checkout.Root, "samples", "Guide", project, "bin", Checkout.Configuration, "net10.0", $"Guide{project}.dll"), .. arguments]);

    /// <summary>Runs it to its end.</summary>
    public static async Task<string> RunAsync(string project, params string[] arguments)
    {
        await using var process = Start(project, arguments);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        var code = await process.ExitAsync(patience.Token);
        Assert.True(code == 0, $"{project} ended with {code}:\n{process.Output}");
        return process.Output;
    }

    /// <summary>What the guide's conversation comes to, as <c>GuideClient</c> prints it.</summary>
    public static void AssertConversation(string output)
    {
        Assert.Matches("Exportable objects: .*example_service", output);
        Assert.Contains("HelloString: Hello client.  You said: Hello server!", output, StringComparison.Ordinal);
        Assert.Contains("HelloTable: X | Client | Server", output, StringComparison.Ordinal);
        for (var row = 0; row < 10; row++)
            Assert.Contains($"{row} | Hello server! | Hello client!", output, StringComparison.Ordinal);
    }
}
