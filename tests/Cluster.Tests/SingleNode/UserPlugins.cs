using Wharf.Processes;

namespace Wharf.Cluster.Tests.SingleNode;

/// <summary>Servers of the tests do not load the plugins that a developer has installed.</summary>
public sealed class UserPlugins : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("wharf-home-");

    /// <summary>Creates a user folder with a plugin that cannot be loaded.</summary>
    public UserPlugins() => File.WriteAllText(Path.Combine(_home.CreateSubdirectory("wharf/plugins/Broken").FullName, "Broken.dll"), "no assembly");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task A_server_of_the_tests_ignores_the_plugins_of_the_user()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string?> { ["XDG_DATA_HOME"] = _home.FullName }, Token);
        Assert.Equal(0, await server.StopAsync(Token));
        Assert.DoesNotContain("Broken", server.Running.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_with_the_default_settings_reads_the_folder_of_the_user()
    {
        await using var server = ServerProcess.Launch(
            new Dictionary<string, string?> { ["XDG_DATA_HOME"] = _home.FullName, ["Wharf__Plugins__UserFolder"] = null });
        await server.WaitForLineAsync("Broken", Token);
    }
}
