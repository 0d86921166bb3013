using System.CommandLine;

namespace Wharf.Cli.Completion;

/// <summary><c>wharf completion</c>: writes shell scripts that query the command for completions.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _wharf() {
          local word
          COMPREPLY=()
          while IFS= read -r word; do
            [[ $word == "${COMP_WORDS[COMP_CWORD]}"* ]] && COMPREPLY+=("$(printf %q "$word")")
          done < <(wharf "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
        }
        complete -o default -F _wharf wharf
        """;

    private const string Zsh = """
        _wharf() {
          local -a words_found
          words_found=("${(@f)$(wharf "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -- ${words_found}
        }
        compdef _wharf wharf
        """;

    private const string Fish = """
        complete -c wharf -f -a '(wharf "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName wharf -ScriptBlock {
          param($word, $line, $cursor)
          wharf "[suggest:$cursor]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh.", HelpName = "bash|fish|pwsh|zsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        var command = new Command("completion", "Write the completion script of a shell, for example: eval \"$(wharf completion bash)\".") { shell };
        command.SetAction(result =>
        {
            terminal.Out.WriteLine(result.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, "fish" => Fish, _ => PowerShell });
            return ExitCodes.Success;
        });
        return command;
    }
}
