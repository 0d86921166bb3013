using Wharf.Interop.Python;
using Wharf.Processes;

namespace Wharf.Interop;

/// <summary>The guide's service as <c>samples/Guide</c> has it, two C# methods, called by the guide's own Python proxy and by the C# one.</summary>
public sealed class ServiceOfTwoMethods(ServiceOfTwoMethods.MethodsServer guide) : IClassFixture<ServiceOfTwoMethods.MethodsServer>
{
    private const string Key = "YOUR_PASSWORD_HERE";

    [Fact]
    public async Task The_guides_client_program_calls_it_unmodified() =>
        GuideProgram.AssertConversation(await PythonEnvironment.OfTheGuide.RunAsync(
            [GuideProgram.PathOf("run_client.py")], GuideProgram.WithProxy(Path.Combine(TestAssets.Guide, "client"))));

    [Fact]
    public async Task The_guides_proxy_calls_it_from_the_current_client()
    {
        using var proxy = ProxyForTheCurrentClient.Make(TestAssets.Guide);
        GuideProgram.AssertConversation(await PythonEnvironment.Current.RunAsync([GuideProgram.PathOf("run_client.py")], GuideProgram.WithProxy(proxy.Folder)));
    }

    [Fact]
    public async Task A_method_that_is_not_there_is_an_error_in_the_guides_form_and_the_stream_goes_on()
    {
        const string Talk = """
            from pydeephaven import Session
            session = Session(auth_type='io.deephaven.authentication.psk.PskAuthenticationHandler', auth_token='YOUR_PASSWORD_HERE')
            client = session.plugin_client(session.exportable_objects['example_service'])
            print('first:', next(client.resp_stream))
            for call in (b'{"method": "hello_strings", "data": "x"}', b'{"method": "hello_string"}', b'{"method": "hello_string", "data": "y"}'):
                client.req_stream.write(call, [])
                print('answer:', next(client.resp_stream)[0].decode())
            session.close()
            """;
        var output = await PythonEnvironment.Current.RunAsync(["-c", Talk], new Dictionary<string, string?>());
        Assert.Contains("first: (b'', [])", output, StringComparison.Ordinal);
        Assert.Contains("""answer: {"error":"Unknown message type: hello_strings","status":3}""", output, StringComparison.Ordinal);
        Assert.Contains("""answer: {"error":"hello_string takes a parameter data","status":3}""", output, StringComparison.Ordinal);
        Assert.Contains("""answer: {"result":"Hello client.  You said: y"}""", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sample_client_calls_it() => SampleProgram.AssertConversation(await SampleProgram.RunAsync("Client", guide.Address, Key));

    [Fact]
    public async Task One_sample_program_fetches_the_object_that_another_publishes()
    {
        await using var publisher = SampleProgram.Start("Client", "publish", guide.Address, Key);
        var ticket = (await publisher.WaitForLineAsync("^ticket (shared/[0-9a-f]+)", TestContext.Current.CancellationToken)).Groups[1].Value;
        Assert.Contains("Hello client.  You said: Hello from another session!", await SampleProgram.RunAsync("Client", "fetch", ticket, guide.Address, Key), StringComparison.Ordinal);
        await publisher.Process.StandardInput.WriteLineAsync();
        Assert.Equal(0, await publisher.ExitAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A server whose <c>example_service</c> is that of <c>samples/Guide/Service</c>, where the guide's programs look for it.</summary>
    public sealed class MethodsServer : IAsyncLifetime
    {
        private DirectoryInfo? _plugins;
        private ServerProcess? _server;

        public string Address => _server!.Address.ToString();

        public async ValueTask InitializeAsync()
        {
            _plugins = PluginFolder.Make("GuideService", Path.Combine("samples", "Guide", "Service"));
            _server = await ServerProcess.StartAsync(
                new Dictionary<string, string?>
                {
                    ["Wharf__Port"] = null,
                    ["Wharf__Auth__Psk"] = Key,
                    ["Wharf__Plugins__Folder"] = _plugins.FullName,
                    ["Wharf__Fields__echo__Type"] = "",
                    ["Wharf__Fields__counter__Type"] = "",
                },
                TestContext.Current.CancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
                await _server.DisposeAsync();
            _plugins?.Delete(recursive: true);
        }
    }
}
