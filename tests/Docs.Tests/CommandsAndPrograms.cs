using Wharf.Docs.Tests.Pages;
using Wharf.Docs.Tests.Walk;
using Wharf.Interop.Python;
using Wharf.Processes;

namespace Wharf.Docs.Tests;

/// <summary>Runs the commands and Python programs of all pages in order, in one terminal with an empty home.</summary>
public sealed class CommandsAndPrograms
{
    // The next pages use the plugin and the server of the first page; the guide starts its own server.
    private static readonly string[] First = ["README.md", "docs/plugins.md"], Last = ["docs/guide.md"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_pages_run_in_one_terminal()
    {
        var python = await PythonEnvironment.Current.InterpreterAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromMinutes(20));
        await Terminal.PortIsFreeAsync(patience.Token);
        var pages = First.Concat(Page.All.Except(First).Except(Last)).Concat(Last).Select(static page => Page.Snippets.Where(snippet => snippet.Page == page));

        using var terminal = new Terminal();
        var (code, output) = await terminal.RunAsync(WalkScript.Build(pages), python, patience.Token);
        Assert.True(code == 0, $"the terminal ended with {code}:\n{output}");
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join('\n', output.Split('\n').Where(static line => line.StartsWith("== ", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("true", true)]
    [InlineData("wharf call x   # 42: the answer", true)]
    [InlineData("wharf call x   # 43: another answer", false)]
    public async Task A_command_that_fails_or_answers_otherwise_ends_the_walk(string command, bool passes)
    {
        var snippet = new Snippet("page.md", 1, 0, "bash", SnippetKind.Complete, "", command);
        using var terminal = new Terminal();
        var (code, output) = await terminal.RunAsync("wharf() { echo 42; }\n" + WalkScript.Build([[snippet]]), "python3", Token);
        Assert.True(passes == (code == 0), output);
        Assert.Contains("== page.md:1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_that_cannot_run_here_are_well_formed()
    {
        foreach (var snippet in Page.Snippets.Where(static one => one is { Language: "bash", Kind: SnippetKind.NotRun }))
        {
            await using var shell = RunningProcess.Start("bash", ["-n", "-c", snippet.Text]);
            Assert.True(await shell.ExitAsync(Token) == 0, $"{snippet.Place}: {shell.Output}");
        }
    }
}
