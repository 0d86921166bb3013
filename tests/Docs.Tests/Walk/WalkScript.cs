using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Wharf.Docs.Tests.Pages;

namespace Wharf.Docs.Tests.Walk;

/// <summary>Builds a shell script of the commands and Python programs of pages, as typed in one terminal.</summary>
internal static partial class WalkScript
{
    private const string Head = """
        set -euo pipefail
        set -m                       # a process group for each job, as in a terminal
        checkout=$PWD
        end_jobs() {
          local job
          for job in $(jobs -p); do kill -- "-$job" 2> /dev/null || true; done
          wait || true
        }
        trap end_jobs EXIT
        wait_until_it_serves() {
          until grep -q '^ *serving on port' "$1"; do
            kill -0 "$2" 2> /dev/null || { cat "$1"; exit 1; }
            sleep 0.2
          done
        }
        expect() {
          if [[ -z $1 || $2 != "$1"* ]]; then echo "expected: $2; the command wrote: $1"; exit 1; fi
        }

        """;

    /// <summary>Builds the script.</summary>
    /// <param name="pages">The blocks of each page, in reading order. Each page starts in the checkout.</param>
    public static string Build(IEnumerable<IEnumerable<Snippet>> pages)
    {
        var script = new StringBuilder(Head);
        var number = 0;
        foreach (var page in pages)
        {
            script.Append("cd \"$checkout\"\n");
            int? serving = null;
            foreach (var snippet in page.Where(Runs))
            {
                // A server in the foreground ends with its section.
                if (snippet.Kind == SnippetKind.Serves || (serving is { } section && section != snippet.Section))
                    script.Append("end_jobs\n");
                serving = snippet.Kind == SnippetKind.Serves ? snippet.Section : serving == snippet.Section ? serving : null;
                script.Append(CultureInfo.InvariantCulture, $"echo \"== {snippet.Place} after $SECONDS s\"\n");
                Append(script, snippet, $"~/snippet-{++number}");
            }
        }

        return script.ToString();
    }

    private static bool Runs(Snippet snippet) =>
        snippet.Kind == SnippetKind.File
            || (snippet.Language is "bash" or "python" && snippet.Kind is SnippetKind.Complete or SnippetKind.Prelude or SnippetKind.Serves);

    private static void Append(StringBuilder script, Snippet snippet, string file)
    {
        if (snippet.Kind == SnippetKind.File)
            Write(script, snippet.Value, snippet.Text);
        else if (snippet.Language == "python")
        {
            Write(script, file + ".py", Preludes.Complete(snippet));
            script.Append(CultureInfo.InvariantCulture, $"\"$PYTHON\" {file}.py\n");
        }
        else if (snippet.Kind == SnippetKind.Serves)
            script.Append(
                CultureInfo.InvariantCulture,
                $"( export Configuration=$BUILT_AS; {snippet.Text.TrimEnd()} ) > {file}.log 2>&1 &\nwait_until_it_serves {file}.log $!\n");
        else
            foreach (var line in snippet.Text.Split('\n'))
                script.Append(
                    Answer().Replace(
                        line, static match =>
                            $"expect \"$({match.Groups[1].Value})\" '{match.Groups[2].Value.Replace("'", @"'\''", StringComparison.Ordinal)}'")).Append('\n');
    }

    private static void Write(StringBuilder script, string path, string text) =>
        script.Append(CultureInfo.InvariantCulture, $"mkdir -p {Path.GetDirectoryName(path)}\ncat > {path} <<'END-OF-SNIPPET'\n{text}\nEND-OF-SNIPPET\n");

    // The comment after a call starts with the expected answer.
    [GeneratedRegex(@"^(wharf call .*?)\s+# (.+)$")]
    private static partial Regex Answer();
}
