using System.Diagnostics;

namespace Wharf.Architecture.Tests;

/// <summary>The compiler checks what ships by the security rules of .NET, and their findings are errors.</summary>
public sealed class SecurityRules
{
    private const string Broken = "internal static class Weak { public static byte[] Hash(byte[] bytes) => System.Security.Cryptography.MD5.HashData(bytes); }";
    private const string Sound = "internal static class Strong { public static byte[] Hash(byte[] bytes) => System.Security.Cryptography.SHA256.HashData(bytes); }";

    [Theory]
    [InlineData("src", Broken, false)]
    [InlineData("src", Sound, true)]
    [InlineData("plugins", Broken, false)]
    [InlineData("tests", Broken, true)]
    public async Task A_weak_hash_is_an_error_in_what_ships(string top, string code, bool isBuilt)
    {
        // The copy of the settings is built in a folder of its own.
        var checkout = Directory.CreateTempSubdirectory("wharf-rules");
        try
        {
            foreach (string file in new[] { ".editorconfig", "Directory.Build.props", "Directory.Packages.props" })
                File.Copy(Path.Combine(Repository.Root.FullName, file), Path.Combine(checkout.FullName, file));
            var project = checkout.CreateSubdirectory(Path.Combine(top, "Rules"));
            await File.WriteAllTextAsync(Path.Combine(project.FullName, "Rules.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><PackageReadmeSource /></PropertyGroup></Project>", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(project.FullName, "Code.cs"), code, TestContext.Current.CancellationToken);

            (int exitCode, string output) = await BuildAsync(project);

            Assert.True(exitCode == 0 == isBuilt, output);
            if (!isBuilt)
                Assert.Contains("error CA5351", output, StringComparison.Ordinal);
        }
        finally
        {
            checkout.Delete(recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Output)> BuildAsync(DirectoryInfo project)
    {
        var start = new ProcessStartInfo("dotnet", ["build", "--disable-build-servers", "-v", "minimal"]) { WorkingDirectory = project.FullName, RedirectStandardOutput = true };
        using var build = Process.Start(start)!;
        string output = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (build.ExitCode, output);
    }
}
