using Wharf.Server;
using Wharf.Server.Tests;

namespace Wharf.Cli.Tests;

/// <summary>Logins are tried, kept where only their owner reads them, and used.</summary>
public sealed class Logins : IAsyncLifetime
{
    private readonly WharfTool _wharf = new();
    private WharfServer _server = null!;

    private string File => _wharf.Path("config/credentials.json");

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _wharf.Dispose();
    }

    [Fact]
    public async Task A_login_is_kept_and_names_the_server_from_then_on()
    {
        Assert.Equal(ExitCodes.NotAllowed, (await _wharf.RunAsync("objects", "--server", WharfTool.Address(_server.Port))).ExitCode);
        Assert.Equal(0, (await _wharf.RunWithInputAsync(TestServer.Key + "\n", "login", "--server", WharfTool.Address(_server.Port))).ExitCode);
        Assert.Equal(0, (await _wharf.RunAsync("objects")).ExitCode);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));

        Assert.Equal(0, (await _wharf.RunAsync("logout")).ExitCode);
        Assert.DoesNotContain(TestServer.Key, await System.IO.File.ReadAllTextAsync(File, TestServer.Cancelled), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotAllowed, (await _wharf.RunAsync("objects", "--server", WharfTool.Address(_server.Port))).ExitCode);
    }

    [Fact]
    public async Task A_login_that_the_server_refuses_is_not_kept()
    {
        Assert.Equal(ExitCodes.NotAllowed, (await _wharf.RunWithInputAsync("wrong-key-wrong-key\n", "login", "--server", WharfTool.Address(_server.Port))).ExitCode);
        Assert.False(System.IO.File.Exists(File));
        Assert.Equal(ExitCodes.Usage, (await _wharf.RunWithInputAsync("", "login", "--server", WharfTool.Address(_server.Port))).ExitCode);
    }

    [Fact]
    public async Task A_file_that_others_can_read_is_not_used()
    {
        if (OperatingSystem.IsWindows())
            return; // modes are Unix's
        await _wharf.RunWithInputAsync(TestServer.Key + "\n", "login", "--server", WharfTool.Address(_server.Port));
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var run = await _wharf.RunAsync("objects", "--server", WharfTool.Address(_server.Port));
        Assert.Equal(ExitCodes.NotAllowed, run.ExitCode);
        Assert.Contains("chmod 600", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotAllowed, (await _wharf.RunAsync("objects")).ExitCode);
    }
}
