using Wharf.Processes;

namespace Wharf.Interop;

/// <summary>Scripts of our own, run by the current client: what users of it do, against a server on a free port.</summary>
public abstract class CurrentClient<TServer>(StartedServer<TServer> started) : IClassFixture<StartedServer<TServer>>
    where TServer : IServerFactory
{
    [Theory]
    [InlineData("logins")]
    [InlineData("objects")]
    [InlineData("counter")]
    [InlineData("exports")]
    [InlineData("tables")]
    [InlineData("uploads")]
    [InlineData("manage")]
    public Task A_script_comes_to_its_end(string script) => ClientScript.RunAsync(script, started.Server, ServerProcess.Psk);

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
            await using var server = await TServer.StartAsync(settings);
            await ClientScript.RunAsync("users", server, "", ("WHARF_USER", "ann"), ("WHARF_PASSWORD", "correct horse battery staple"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
