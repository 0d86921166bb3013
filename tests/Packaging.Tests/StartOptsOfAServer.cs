using System.Text.RegularExpressions;
using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Packaging.Tests;

/// <summary>A server that is told by <c>START_OPTS</c> alone.</summary>
public sealed class StartOptsOfAServer
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_takes_the_key_the_duration_and_the_limit_and_names_the_rest_in_one_warning()
    {
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string?>
            {
                ["Wharf__Auth__Psk"] = null,
                ["START_OPTS"] = "-Xmx1536m \"-Dauthentication.psk=a key with spaces\" -Dhttp.session.durationMs=77000 -XX:+UseG1GC -Dother=secret",
            },
            Token);
        await using var session = await Session.ConnectAsync(server.Address, Credentials.PreSharedKey("a key with spaces"), cancellationToken: Token);
        Assert.Equal(TimeSpan.FromSeconds(77), session.Duration);
        // What the garbage collector itself says.
        Assert.Contains("memory     1536 MiB", server.Running.Output, StringComparison.Ordinal);
        Assert.EndsWith(": -XX:+UseG1GC -Dother", Assert.Single(Regex.Matches(server.Running.Output, "(?m)^.*START_OPTS.*$")).Value.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", server.Running.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invalid_options_stop_the_start()
    {
        await using var server = ServerProcess.Launch(new Dictionary<string, string?> { ["START_OPTS"] = "-Xmxlots" });
        Assert.Equal(1, await server.ExitAsync(Token));
        Assert.Contains("Wharf cannot start: START_OPTS: -Xmxlots is not a size", server.Output, StringComparison.Ordinal);
    }
}
