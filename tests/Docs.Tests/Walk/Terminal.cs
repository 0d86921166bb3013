using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Wharf.Processes;

namespace Wharf.Docs.Tests.Walk;

/// <summary>A shell in the checkout, with an empty home and the unpacked packages of the machine.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("wharf-home-");

    public void Dispose() => _home.Delete(recursive: true);

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">The script.</param>
    /// <param name="python">The interpreter that has the official client.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The exit code and the output.</returns>
    public async Task<(int ExitCode, string Output)> RunAsync(string script, string python, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_home.FullName, "walk.sh");
        await File.WriteAllTextAsync(file, script, cancellationToken);
        await using var shell = RunningProcess.Start("bash", [file], Environment(python), Checkout.Root);
        try
        {
            return (await shell.ExitAsync(cancellationToken), shell.Output);
        }
        catch (OperationCanceledException)
        {
            return (-1, shell.Output);
        }
    }

    /// <summary>Waits until nothing listens on the port of the pages.</summary>
    public static async Task PortIsFreeAsync(CancellationToken cancellationToken)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.IPv6Any, 10000);
                listener.Server.DualMode = true;
                listener.Start();
                return;
            }
            catch (SocketException)
            {
                await tick.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    private Dictionary<string, string?> Environment(string python)
    {
        var user = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        var all = new Dictionary<string, string?>();
        foreach (string name in System.Environment.GetEnvironmentVariables().Keys)
            if (name.StartsWith("WHARF_", StringComparison.Ordinal) || name.StartsWith("XDG_", StringComparison.Ordinal))
                all[name] = null;
        all["HOME"] = _home.FullName;
        all["DOTNET_CLI_HOME"] = null;
        all["Wharf__Plugins__UserFolder"] = null;
        all["PYTHON"] = python;
        // The host of a tool uses the runtime of the tests.
        all["DOTNET_ROOT"] = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());
        // "dotnet run" of a server takes the build of the tests. Packages and their sources are the machine's; the folder is written as NuGet writes it,
        // or everything would be compiled again.
        all["BUILT_AS"] = Checkout.Configuration;
        all["NUGET_PACKAGES"] = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(user, ".nuget", "packages") + "/";
        if (Directory.Exists(Path.Combine(user, ".nuget", "NuGet")))
            Directory.CreateSymbolicLink(Path.Combine(_home.CreateSubdirectory(".nuget").FullName, "NuGet"), Path.Combine(user, ".nuget", "NuGet"));
        foreach (var name in (string[])["DOTNET_CLI_TELEMETRY_OPTOUT", "DOTNET_NOLOGO", "MSBUILDDISABLENODEREUSE"])
            all[name] = "1";
        all["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
        all["UseSharedCompilation"] = "false";
        return all;
    }
}
