using System.Security.Cryptography;
using System.Text;
using Wharf.Processes;

namespace Wharf.Interop.Python;

/// <summary>A virtual environment with one official client in it: made once on a machine for a set of packages, then kept.</summary>
internal sealed class PythonEnvironment
{
    private readonly string[] _packages;
    private readonly Lazy<Task<string>> _interpreter;

    private PythonEnvironment(params string[] packages)
    {
        _packages = packages;
        _interpreter = new Lazy<Task<string>>(MakeAsync);
    }

    /// <summary>The client of the time when the guide was written.</summary>
    public static PythonEnvironment OfTheGuide { get; } = new("pydeephaven==0.36.2", "bitstring<5", "numpy", "pandas");

    /// <summary>The current client.</summary>
    public static PythonEnvironment Current { get; } = new("pydeephaven==42.7");

    /// <summary>Returns the interpreter of the environment, which is created if it does not exist.</summary>
    public Task<string> InterpreterAsync() => _interpreter.Value;

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">The file, or the interpreter's arguments.</param>
    /// <param name="environment">What is added to the environment.</param>
    /// <returns>What it wrote.</returns>
    public async Task<string> RunAsync(IEnumerable<string> program, IReadOnlyDictionary<string, string?> environment)
    {
        await using var process = await StartAsync(program, environment);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            var code = await process.ExitAsync(patience.Token);
            Assert.True(code == 0, $"the client's program ended with {code}:\n{process.Output}");
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the client's program did not end; it wrote:\n{process.Output}");
        }

        return process.Output;
    }

    /// <summary>Starts a program.</summary>
    public async Task<RunningProcess> StartAsync(IEnumerable<string> program, IReadOnlyDictionary<string, string?> environment) =>
        RunningProcess.Start(
            await _interpreter.Value,
            program,
            new Dictionary<string, string?>(environment) { ["PYTHONUNBUFFERED"] = "1", ["PYTHONDONTWRITEBYTECODE"] = "1" });

    private async Task<string> MakeAsync()
    {
        var python = await PythonInstallation.InterpreterAsync();
        var wheels = TestAssets.Wheels;
        var folder = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "wharf", "interop", Key(python, wheels));
        var interpreter = Path.Combine(folder, "bin", "python");
        var complete = Path.Combine(folder, "complete");
        if (File.Exists(complete))
            return interpreter;

        Directory.CreateDirectory(folder);
        await using var alone = await AloneAsync(folder + ".lock");
        if (File.Exists(complete))
            return interpreter;
        await StepAsync(python, ["-m", "venv", "--clear", folder]);
        string[] source = wheels is null ? [] : ["--no-index", "--find-links", wheels];
        await StepAsync(interpreter, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", .. source, .. _packages]);
        await File.WriteAllTextAsync(complete, string.Join('\n', _packages));
        return interpreter;
    }

    private static async Task StepAsync(string file, string[] arguments)
    {
        await using var process = RunningProcess.Start(file, arguments);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var code = await process.ExitAsync(patience.Token);
        if (code != 0)
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {code}:\n{process.Output}");
    }

    /// <summary>Two test runs on one machine do not make the same environment at once.</summary>
    private static async Task<FileStream> AloneAsync(string path)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await tick.WaitForNextTickAsync(patience.Token);
            }
        }
    }

    private string Key(string python, string? wheels)
    {
        string[] files = wheels is null ? [] : [.. Directory.EnumerateFiles(wheels, "*.whl").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        var text = string.Join('\n', [python, .. _packages, .. files]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}
