using System.Text.Json.Nodes;
using Wharf.Plugins;
using Wharf.Plugins.Counter;
using Wharf.Plugins.ExampleService;
using Wharf.Server;
using Wharf.Server.Tests;

namespace Wharf.Cli.Tests;

/// <summary>The commands that talk to a server.</summary>
public sealed class Commands : IAsyncLifetime
{
    private readonly WharfTool _wharf = new();
    private WharfServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _server.Scope["example_service"] = new ExampleServiceObject();
        _server.Scope["counter"] = new CounterObject(40);
        _server.Scope["numbers"] = await (await _server.Tables.EmptyAsync(25, TestServer.Cancelled)).UpdateAsync(["X = i", "Y = i % 2 == 0 ? `a,\"b\"` : null", "Z = i * 0.5"], cancellationToken: TestServer.Cancelled);
        _wharf.Environment["WHARF_SERVER"] = WharfTool.Address(_server.Port);
        _wharf.Environment["WHARF_PSK"] = TestServer.Key;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _wharf.Dispose();
    }

    [Fact]
    public async Task Objects_are_listed_for_people_and_for_scripts()
    {
        var people = await OkAsync("objects");
        Assert.Contains("example_service", people, StringComparison.Ordinal);
        var scripts = JsonNode.Parse(await OkAsync("objects", "--json"))!.AsArray();
        Assert.Equal(["counter", "example_service", "numbers", "objects"], scripts.Select(static entry => (string)entry!["name"]!));
        Assert.Equal("scope/counter", (string)scripts[0]!["ticket"]!);
    }

    [Fact]
    public async Task Types_are_listed()
    {
        Assert.Contains("example_plugin_server.ExampleService", await OkAsync("types"), StringComparison.Ordinal);
        Assert.Equal(3, JsonNode.Parse(await OkAsync("types", "--json"))!.AsArray().Count);
    }

    [Fact]
    public async Task An_object_is_created_called_looked_at_and_deleted()
    {
        Assert.Equal("created mine, a Counter\n", await OkAsync("create", "Counter", "mine", "--argument", "Start=5"));
        Assert.Equal("7\n", await OkAsync("call", "mine", "2"));
        Assert.Contains("field/scope/mine", await OkAsync("holders", "mine"), StringComparison.Ordinal);
        Assert.Equal("deleted mine\n", await OkAsync("delete", "mine"));
        await FailsAsync(ExitCodes.NotFound, "mine", "call", "mine", "2");
    }

    [Fact]
    public async Task A_method_is_called_with_texts_json_and_objects()
    {
        Assert.Equal("Hello client.  You said: hi there\n", await OkAsync("call", "example_service", "hello_string", "data=hi there"));
        var table = await OkAsync("call", "example_service", "hello_table", "data:=7", "table@=numbers");
        Assert.Contains("Client (int32)", table, StringComparison.Ordinal);
        Assert.Contains("25 rows, the first 10 shown", table, StringComparison.Ordinal);
        var json = JsonNode.Parse(await OkAsync("call", "example_service", "hello_table", "data=x", "table@=numbers", "--json"))!;
        Assert.Equal("x", (string)json["references"]![0]!["rows"]![0]!["Client"]!);
        Assert.NotEmpty(JsonNode.Parse(await OkAsync("call", "objects", "list_types", "--method", "--json"))!["result"]!.AsArray());
    }

    [Fact]
    public async Task The_error_of_a_method_is_the_commands()
    {
        await FailsAsync(ExitCodes.Failed, "explode", "call", "example_service", "explode", "--method");
        await FailsAsync(ExitCodes.NotFound, "no object type 'Nope'", "create", "Nope", "x");
        await FailsAsync(ExitCodes.NotFound, "wharf types lists the object types", "create", "Nope", "x");
        await FailsAsync(ExitCodes.NotFound, "a shared ticket ends when its publisher releases the object or disconnects", "fetch", $"shared/{new string('0', 32)}:Counter");
        await FailsAsync(ExitCodes.Failed, "a counter takes a whole decimal number", "call", "counter", "five");
        await FailsAsync(ExitCodes.Usage, "is not an argument", "call", "example_service", "hello_string", "data");
        await FailsAsync(ExitCodes.Usage, "is not JSON", "call", "example_service", "hello_string", "data:=hi");
    }

    [Fact]
    public async Task A_payload_comes_from_standard_input()
    {
        var run = await _wharf.RunWithInputAsync("2", "call", "counter", "-");
        Assert.Equal((0, "42\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Messages_are_watched()
    {
        Assert.Equal("40\n", await OkAsync("watch", "counter", "--count", "1"));
        Assert.Equal("""{"payload":"40","references":[]}""", (await OkAsync("watch", "counter", "--count", "1", "--json")).Trim());
    }

    [Fact]
    public async Task A_published_object_is_fetched_called_and_named_while_the_command_runs()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestServer.Cancelled);
        await using var output = new LineWriter();
        var publishing = _wharf.RunAsync(output, null, stop.Token, "publish", "counter");
        var ticket = await output.LineAsync(TestServer.Cancelled);
        Assert.Matches("^shared/[0-9a-f]{32}:Counter$", ticket);
        Assert.Contains("type Counter", await OkAsync("fetch", ticket), StringComparison.Ordinal);
        Assert.Equal("41\n", await OkAsync("call", ticket, ""));
        Assert.Contains("now kept", await OkAsync("fetch", ticket, "--as", "kept"), StringComparison.Ordinal);

        await stop.CancelAsync();
        Assert.Equal(0, (await publishing).ExitCode);
        await FailsAsync(ExitCodes.NotFound, "", "fetch", ticket);
        Assert.Equal("42\n", await OkAsync("call", "kept", ""));
    }

    [Theory]
    [InlineData("publish")]
    [InlineData("fetch")]
    public async Task A_name_of_an_anonymous_session_is_refused(string command)
    {
        await OkAsync(command, "counter", "--as", "kept");
        _wharf.Environment.Remove("WHARF_PSK");
        await FailsAsync(ExitCodes.NotAllowed, "--as needs a login", command, "counter", "--as", "lost");
    }

    [Fact]
    public async Task A_table_is_shown_and_written_to_files()
    {
        Assert.Contains("25 rows, the first 2 shown", await OkAsync("table", "numbers", "--rows", "2"), StringComparison.Ordinal);
        var json = JsonNode.Parse(await OkAsync("table", "numbers", "--json", "-n", "2"))!;
        Assert.Equal(("[0,1]", 25), ($"[{json["rows"]![0]!["X"]},{json["rows"]![1]!["X"]}]", (int)json["size"]!));
        Assert.Null(json["rows"]![1]!["Y"]);

        Assert.StartsWith("X,Y,Z\r\n0,\"a,\"\"b\"\"\",0\r\n1,,0.5\r\n", await OkAsync("table", "numbers", "--csv", "-"), StringComparison.Ordinal);
        await OkAsync("table", "numbers", "--csv", _wharf.Path("n.csv"));
        Assert.Equal(26, (await File.ReadAllLinesAsync(_wharf.Path("n.csv"), TestServer.Cancelled)).Length);

        await OkAsync("table", "numbers", "--arrow", _wharf.Path("n.arrow"));
        using (var reader = new Apache.Arrow.Ipc.ArrowFileReader(File.OpenRead(_wharf.Path("n.arrow"))))
            Assert.Equal(25, (await reader.ReadNextRecordBatchAsync(TestServer.Cancelled)).Length);

        await OkAsync("table", "numbers", "--parquet", _wharf.Path("n.parquet"));
        using (var reader = new ParquetSharp.ParquetFileReader(_wharf.Path("n.parquet")))
            Assert.Equal(25, reader.FileMetaData.NumRows);
        await FailsAsync(ExitCodes.Usage, "not a table", "table", "counter");
        await FailsAsync(ExitCodes.Usage, "cannot be combined", "table", "numbers", "--csv", "a", "--arrow", "b");
    }

    [Fact]
    public async Task Where_there_is_no_room_the_last_column_is_folded_and_no_other()
    {
        _wharf.Width = 80;
        var types = await OkAsync("types");
        Assert.Contains("ExampleService", types, StringComparison.Ordinal);
        Assert.Contains("bidirectional", types, StringComparison.Ordinal);
        Assert.DoesNotContain("example_plugin_server.ExampleService", types, StringComparison.Ordinal);
        Assert.All(types.ReplaceLineEndings("\n").Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public async Task A_wrong_name_a_wrong_address_and_a_wrong_word_are_told_apart()
    {
        await FailsAsync(ExitCodes.NotFound, "did you mean 'counter'?", "call", "Counter", "1");
        await FailsAsync(ExitCodes.Usage, "is not the address of a server", "objects", "--server", "ftp://x");
        await FailsAsync(ExitCodes.Unreachable, "http://127.0.0.1:1/ cannot be reached", "objects", "--server", "http://127.0.0.1:1");
        await FailsAsync(ExitCodes.Unreachable, "http://127.0.0.1", "objects", "--server", $"https://127.0.0.1:{_server.Port}");
        await FailsAsync(ExitCodes.Usage, "explode", "explode");
        var failure = await _wharf.RunAsync("call", "nope", "1", "--json");
        Assert.Equal(ExitCodes.NotFound, (int)JsonNode.Parse(failure.Error)!["exit_code"]!);
    }

    [Fact]
    public async Task Changes_are_watched_line_by_line()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestServer.Cancelled);
        await using var output = new LineWriter();
        var watching = _wharf.RunAsync(output, null, stop.Token, "objects", "--watch");
        for (var n = 0; n < 4; n++)
            Assert.StartsWith("created", await output.LineAsync(TestServer.Cancelled), StringComparison.Ordinal);
        await OkAsync("create", "Counter", "late");
        Assert.Equal("created  late  Counter", await output.LineAsync(TestServer.Cancelled));
        await OkAsync("delete", "late");
        Assert.Equal("removed  late  Counter", await output.LineAsync(TestServer.Cancelled));
        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Interrupted, (await watching).ExitCode);
    }

    [Fact]
    public async Task Names_of_objects_are_completed_by_asking_the_server()
    {
        var line = "wharf call exa";
        Assert.Contains("example_service\n", (await OkAsync($"[suggest:{line.Length}]", line)).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        var create = "wharf create Cou";
        Assert.Equal("Counter\n", (await OkAsync($"[suggest:{create.Length}]", create)).ReplaceLineEndings("\n"));
        _wharf.Environment["WHARF_SERVER"] = "http://127.0.0.1:1";
        Assert.DoesNotContain("example_service", await OkAsync($"[suggest:{line.Length}]", line), StringComparison.Ordinal);
    }

    private async Task<string> OkAsync(params string[] arguments)
    {
        var run = await _wharf.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, $"wharf {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Error}");
        return run.Out;
    }

    private async Task FailsAsync(int code, string message, params string[] arguments)
    {
        var run = await _wharf.RunAsync(arguments);
        Assert.True(run.ExitCode == code, $"wharf {string.Join(' ', arguments)} ended with {run.ExitCode}, not {code}: {run.Error}");
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}
