using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Wharf.Processes;

/// <summary>A process whose output can be waited for. It does not outlive this object.</summary>
public sealed class RunningProcess : IAsyncDisposable
{
    /// <summary>Fails the wait for a missing line with the output so far.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly List<(Regex Pattern, TaskCompletionSource<Match> Found)> _awaited = [];
    private readonly Lock _lock = new();
    private readonly Task _read;

    private RunningProcess(Process process)
    {
        _process = process;
        _read = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>The process itself.</summary>
    public Process Process => _process;

    /// <summary>Everything that it wrote so far, to either output.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
                return _output.ToString();
        }
    }

    /// <summary>Starts a process. A server in it has neither the settings nor the plugins of the developer who runs the tests.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <param name="folder">Where it runs.</param>
    public static RunningProcess Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(IsOfTheDeveloper).ToList())
            start.Environment.Remove(name);
        start.Environment["Wharf__Plugins__UserFolder"] = "";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return new RunningProcess(Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start"));
    }

    /// <summary>Waits for a line of output.</summary>
    /// <exception cref="InvalidOperationException">The process ended without it.</exception>
    public async Task<Match> WaitForLineAsync(string pattern, CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource<Match>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            var regex = new Regex(pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant);
            var match = regex.Match(_output.ToString());
            if (match.Success)
                return match;
            _awaited.Add((regex, found));
        }

        try
        {
            await Task.WhenAny(found.Task, _read).WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"there is no line like {pattern} after {Patience}; the process wrote:\n{Output}");
        }

        return found.Task.IsCompleted
            ? await found.Task
            : throw new InvalidOperationException($"the process ended without a line like {pattern}; it wrote:\n{Output}");
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _read.WaitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static bool IsOfTheDeveloper(string variable) => variable.StartsWith("Wharf__", StringComparison.OrdinalIgnoreCase) || variable == "START_OPTS";

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                _output.AppendLine(line);
                foreach (var (pattern, found) in _awaited)
                    if (pattern.Match(line) is { Success: true } match)
                        found.TrySetResult(match);
            }
        }
    }
}
