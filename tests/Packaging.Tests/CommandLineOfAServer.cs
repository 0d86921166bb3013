using Wharf.Processes;
using Wharf.Silo;

namespace Wharf.Packaging.Tests;

/// <summary>An unknown word on the command line does not start a server.</summary>
public sealed class CommandLineOfAServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("helth", "did you mean health?")]
    [InlineData("Hash-Pasword", "did you mean hash-password?")]
    [InlineData("start", "The commands are health, hash-password")]
    [InlineData("-v", "'-v' is neither a command nor a setting")]
    [InlineData("--Wharf:Port", "it has no value")]
    [InlineData("--Wharf:Port --Wharf:Role=Silo", "it has no value")]
    [InlineData("--Wharf:Port=1 stop", "'stop' is neither a command nor a setting")]
    public void A_word_that_is_neither_a_command_nor_a_setting_is_refused(string line, string message) =>
        Assert.Contains(message, Assert.Throws<CommandLineException>(() => CommandLine.CheckSettings(line.Split(' '))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("--Wharf:Port=1 --Wharf:Role Silo /Wharf:Data /data Wharf:Auth:Anonymous=true")]
    public void Settings_pass_in_every_form_that_the_configuration_reads(string line) =>
        CommandLine.CheckSettings(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("--help", true)]
    [InlineData("-h", true)]
    [InlineData("help", true)]
    [InlineData("hash-password --help", true)]
    [InlineData("health -h", true)]
    [InlineData("health", false)]
    [InlineData("hash-password ann", false)]
    public void The_first_word_or_the_word_after_a_command_requests_help(string line, bool isHelp) => Assert.Equal(isHelp, CommandLine.IsHelp(line.Split(' ')));

    [Theory]
    [InlineData("--help", 0, "Usage:")]
    [InlineData("--version", 0, "0.")]
    [InlineData("helth", CommandLine.UsageExitCode, "did you mean health?")]
    [InlineData("health nonsense", CommandLine.UsageExitCode, "'nonsense' is neither a command nor a setting")]
    [InlineData("health --Wharf:Data=/no/such/folder", 1, "Wharf:Data names a folder that does not exist")]
    public async Task The_process_prints_and_ends(string line, int code, string text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        await using var process = ServerProcess.Launch(null, line.Split(' '));
        Assert.Equal(code, await process.ExitAsync(patience.Token));
        Assert.Contains(text, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("serving on port", process.Output, StringComparison.Ordinal);
    }
}
