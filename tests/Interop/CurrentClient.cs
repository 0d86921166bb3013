using System.Globalization;
using Wharf.Interop.Python;
using Wharf.Processes;

namespace Wharf.Interop;

/// <summary>Scripts of our own, run by the current client: what users of it do, against a server on a free port.</summary>
public sealed class CurrentClient(CurrentClient.ServerFixture fixture) : IClassFixture<CurrentClient.ServerFixture>
{
    [Theory]
    [InlineData("logins")]
    [InlineData("objects")]
    [InlineData("counter")]
    [InlineData("exports")]
    [InlineData("tables")]
    [InlineData("uploads")]
    [InlineData("manage")]
    public Task A_script_comes_to_its_end(string script) => RunAsync(script, fixture.Server, ServerProcess.Psk);

    [Fact]
    public async Task Users_of_a_users_file_and_the_anonymous_log_in_where_they_may()
    {
        var folder = Directory.CreateTempSubdirectory("wharf-interop-");
        try
        {
            var users = Path.Combine(folder.FullName, "users");
            await using (var hash = ServerProcess.Launch(null, "hash-password", "ann", users))
            {
                await hash.Process.StandardInput.WriteLineAsync("correct horse battery staple");
                Assert.Equal(0, await hash.ExitAsync(TestContext.Current.CancellationToken));
            }

            var settings = new Dictionary<string, string?> { ["Wharf__Auth__UsersFile"] = users, ["Wharf__Auth__Anonymous"] = "true", ["Wharf__Auth__Psk"] = null };
            await using var server = await ServerUnderTest.StartAsync(settings);
            await RunAsync("users", server, "", ("WHARF_USER", "ann"), ("WHARF_PASSWORD", "correct horse battery staple"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static async Task RunAsync(string script, ServerUnderTest server, string psk, params (string Name, string Value)[] more)
    {
        var environment = more.ToDictionary(pair => pair.Name, pair => (string?)pair.Value);
        environment["WHARF_PORT"] = server.Port.ToString(CultureInfo.InvariantCulture);
        environment["WHARF_PSK"] = psk;
        var output = await PythonEnvironment.Current.RunAsync([Path.Combine(AppContext.BaseDirectory, "scripts", script + ".py")], environment);
        Assert.Contains($"{script}: done", output, StringComparison.Ordinal);
    }

    public sealed class ServerFixture : IAsyncLifetime
    {
        public ServerUnderTest Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await ServerUnderTest.StartAsync();

        public async ValueTask DisposeAsync()
        {
            if (Server is not null)
                await Server.DisposeAsync();
        }
    }
}
