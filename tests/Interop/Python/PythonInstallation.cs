using System.ComponentModel;
using Wharf.Processes;

namespace Wharf.Interop.Python;

/// <summary>The Python 3.12 of this machine: the clients are built for it.</summary>
internal static class PythonInstallation
{
    private static readonly Lazy<Task<string?>> Found = new(FindAsync);

    /// <summary>Its interpreter. Without one the test is skipped, or fails where a skip would go unseen.</summary>
    public static async Task<string> InterpreterAsync()
    {
        if (await Found.Value is { } interpreter)
            return interpreter;
        const string Missing = "no Python 3.12 on PATH or under ~/.pyenv/versions";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            Assert.Fail(Missing);
        Assert.Skip(Missing);
        return "";
    }

    private static async Task<string?> FindAsync()
    {
        foreach (var candidate in Candidates())
            if (await AnswersAsync(candidate))
                return candidate;
        return null;
    }

    private static IEnumerable<string> Candidates()
    {
        yield return "python3.12";
        yield return "python3";
        var versions = new DirectoryInfo(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pyenv", "versions"));
        if (versions.Exists)
            foreach (var version in versions.EnumerateDirectories("3.12*").OrderByDescending(version => version.Name, StringComparer.Ordinal))
                yield return Path.Combine(version.FullName, "bin", "python3.12");
    }

    /// <summary>Asks the interpreter itself: a shim on PATH may lead nowhere.</summary>
    private static async Task<bool> AnswersAsync(string interpreter)
    {
        try
        {
            await using var process = RunningProcess.Start(interpreter, ["-c", "import sys; print(sys.version_info[:2])"]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            return await process.ExitAsync(patience.Token) == 0 && process.Output.Contains("(3, 12)", StringComparison.Ordinal);
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
