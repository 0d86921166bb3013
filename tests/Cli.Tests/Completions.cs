using System.Diagnostics;
using Wharf.Cli.Completion;

namespace Wharf.Cli.Tests;

/// <summary>Completion candidates are data in every shell.</summary>
public sealed class Completions : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wharf-completion-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("greeter")]
    [InlineData("app/shop/field/orders")]
    [InlineData("a-b_c.d:e+f,g@h")]
    [InlineData("zähler")]
    public void A_name_that_is_one_word_is_offered(string name) => Assert.True(CompletionNames.IsPlain(name));

    [Theory]
    [InlineData("")]
    [InlineData("$(true)")]
    [InlineData("`true`")]
    [InlineData("a b")]
    [InlineData("a;b")]
    [InlineData("a|b")]
    [InlineData("a&b")]
    [InlineData("a>b")]
    [InlineData("a'b")]
    [InlineData("a\"b")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("a\u001b[2Jb")]
    [InlineData("a\u202eb")]
    [InlineData("~a")]
    [InlineData("a*")]
    [InlineData("{a,b}")]
    [InlineData("--help")]
    [InlineData("@a")]
    public void A_name_that_a_shell_could_expand_or_hide_is_not_offered(string name) => Assert.False(CompletionNames.IsPlain(name));

    [Fact]
    public async Task The_bash_function_never_evaluates_a_candidate()
    {
        using var wharf = new WharfTool();
        var script = (await wharf.RunAsync("completion", "bash")).Out;

        var replies = await BashAsync(script + "\n_wharf\nprintf '%s\\n' \"${COMPREPLY[@]}\"");

        Assert.Equal(["green", @"gr\$\(touch\ marker\)"], replies);
        Assert.Empty(_folder.EnumerateFiles("marker"));
    }

    [Fact]
    public async Task The_marker_shows_an_evaluated_candidate()
    {
        await BashAsync("compgen -W \"$(wharf)\" -- gr || true");
        Assert.NotEmpty(_folder.EnumerateFiles("marker"));
    }

    /// <summary>Runs lines of bash with a command that offers three candidates, one of which would make a file if it were evaluated.</summary>
    private async Task<string[]> BashAsync(string lines)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "bash is not installed");
        const string offered = """
            wharf() { printf '%s\n' green 'gr$(touch marker)' red; }
            COMP_LINE='wharf call gr' COMP_POINT=13 COMP_CWORD=2
            COMP_WORDS=(wharf call gr)
            """;
        var start = new ProcessStartInfo("/bin/bash", ["--norc", "--noprofile", "-c", offered + "\n" + lines])
        {
            WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var bash = Process.Start(start)!;
        var output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(bash.ExitCode == 0, error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
