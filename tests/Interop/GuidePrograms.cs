using System.Text.RegularExpressions;
using Wharf.Interop.Python;

namespace Wharf.Interop;

/// <summary>The plugin guide's programs against a freshly started server: the main job.</summary>
public abstract partial class GuidePrograms<TServer>(GuideServer<TServer> guide) : IClassFixture<GuideServer<TServer>>
    where TServer : IServerFactory
{
    [Fact]
    public void The_server_listens_where_the_guide_says() => Assert.Equal(10000, guide.Server.Port);

    [Fact]
    public async Task The_client_program_runs_unmodified_with_the_client_of_its_time() =>
        GuideProgram.AssertConversation(await PythonEnvironment.OfTheGuide.RunAsync([GuideProgram.PathOf("run_client.py")], GuideProgram.WithProxy(Path.Combine(TestAssets.Guide, "client"))));

    [Fact]
    public async Task The_client_program_holds_the_same_conversation_with_the_current_client()
    {
        using var proxy = ProxyForTheCurrentClient.Make(TestAssets.Guide);
        GuideProgram.AssertConversation(await PythonEnvironment.Current.RunAsync([GuideProgram.PathOf("run_client.py")], GuideProgram.WithProxy(proxy.Folder)));
    }

    /// <summary>
    /// Two programs, two sessions: what the first publishes, the second fetches, with the ticket that the first made up and the proxy's base class where the current client has
    /// it. Nothing else of the programs is touched.
    /// </summary>
    [Fact]
    public async Task One_program_fetches_the_object_that_another_publishes()
    {
        using var proxy = ProxyForTheCurrentClient.Make(TestAssets.Guide);

        // The program as it is, in an interpreter that then tells the ticket and waits: the program's session must be there while the other fetches.
        const string Publish = "import runpy, sys; program = runpy.run_path(sys.argv[1]); print('ticket', program['shared_ticket'].bytes.hex()); sys.stdin.readline(); program['session'].close()";
        await using var publisher = await PythonEnvironment.Current.StartAsync(["-c", Publish, GuideProgram.PathOf("publish.py")], GuideProgram.WithProxy(proxy.Folder));
        var ticket = (await publisher.WaitForLineAsync("^ticket ([0-9a-f]+)", TestContext.Current.CancellationToken)).Groups[1].Value;

        var source = await File.ReadAllTextAsync(GuideProgram.PathOf("fetch_shared.py"), TestContext.Current.CancellationToken);
        var edited = source.Replace("SharedTicket.random_ticket()", $"SharedTicket(bytes.fromhex('{ticket}'))", StringComparison.Ordinal);
        Assert.NotEqual(source, edited);
        var copy = Path.Combine(proxy.Folder, "fetch_shared.py");
        await File.WriteAllTextAsync(copy, edited, TestContext.Current.CancellationToken);
        Assert.Contains("Hello client.  You said: Hello from another session!", await PythonEnvironment.Current.RunAsync([copy], GuideProgram.WithProxy(proxy.Folder)), StringComparison.Ordinal);

        await publisher.Process.StandardInput.WriteLineAsync();
        Assert.Equal(0, await publisher.ExitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_published_object_ends_with_its_session()
    {
        using var proxy = ProxyForTheCurrentClient.Make(TestAssets.Guide);
        const string Publish = "import runpy, sys; program = runpy.run_path(sys.argv[1]); print('ticket', program['shared_ticket'].bytes.hex()); program['session'].close()";
        var ticket = TicketLine().Match(await PythonEnvironment.Current.RunAsync(["-c", Publish, GuideProgram.PathOf("publish.py")], GuideProgram.WithProxy(proxy.Folder))).Groups[1].Value;

        const string Fetch = """
            import sys
            from pydeephaven import Session
            from pydeephaven.ticket import SharedTicket
            session = Session(auth_type='io.deephaven.authentication.psk.PskAuthenticationHandler', auth_token='YOUR_PASSWORD_HERE')
            try:
                session.fetch(SharedTicket(bytes.fromhex(sys.argv[1])))
            except Exception as error:
                print('refused:', error.__cause__.code())
            session.close()
            """;
        Assert.Contains("refused: StatusCode.NOT_FOUND", await PythonEnvironment.Current.RunAsync(["-c", Fetch, ticket], GuideProgram.WithProxy(proxy.Folder)), StringComparison.Ordinal);
    }

    [GeneratedRegex("^ticket ([0-9a-f]+)", RegexOptions.Multiline)]
    private static partial Regex TicketLine();
}
