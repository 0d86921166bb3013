using System.Diagnostics;
using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using Wharf.Client;
using Wharf.Plugins;
using Wharf.Protocol;
using Wharf.Server;
using Wharf.Server.Tests;

namespace Wharf.Cli.Tests;

/// <summary>The outputs of <c>wharf table</c>: files, devices, standard output and pipes.</summary>
public sealed class TableOutputs : IAsyncLifetime
{
    private readonly WharfTool _wharf = new();
    private WharfServer _server = null!;
    private Session _session = null!;

    public static TheoryData<string> Formats => ["--csv", "--arrow", "--parquet"];

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _server.Scope["numbers"] = await (await _server.Tables.EmptyAsync(100_000, TestServer.Cancelled))
            .UpdateAsync(["X = i"], cancellationToken: TestServer.Cancelled);
        _server.Scope["nothing"] = await _server.Tables.EmptyAsync(3, TestServer.Cancelled);
        _session = await _server.ConnectAsync();
        _wharf.Environment["WHARF_SERVER"] = WharfTool.Address(_server.Port);
        _wharf.Environment["WHARF_PSK"] = TestServer.Key;
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _server.DisposeAsync();
        _wharf.Dispose();
    }

    [Fact]
    public async Task Every_type_that_the_server_takes_comes_out_in_every_format_or_is_refused_without_a_file()
    {
        var taken = 0;
        foreach (var sample in ArrowSamples.All)
        {
            Table table;
            try
            {
                table = await _session.ImportAsync(sample.Schema, [sample.Batch], TestServer.Cancelled);
            }
            catch (WharfException refused) when (refused.StatusCode == Grpc.Core.StatusCode.InvalidArgument)
            {
                continue;
            }

            await using var imported = table;
            taken++;
            await _session.PublishAsync(table.Ticket, new ScopeTicket("sample"), TestServer.Cancelled);
            var shown = await _wharf.RunAsync("table", "sample", "--json");
            Assert.True(shown.ExitCode == 0, $"{sample.Name}: {shown.Error}");
            Assert.Equal(
                sample.Json.Select(static text => JsonNode.Parse(text)?.ToJsonString()),
                JsonNode.Parse(shown.Out)!["rows"]!.AsArray().Select(static row => row!["C"]?.ToJsonString()));
            foreach (string format in new[] { "--csv", "--arrow", "--parquet" })
            {
                var file = _wharf.Path("sample");
                var run = await _wharf.RunAsync("table", "sample", format, file);
                // The server writes runs out as plain values.
                var isHeld = format != "--parquet" || sample.IsInParquet || sample.Schema.FieldsList[0].DataType is RunEndEncodedType;
                Assert.True(run.ExitCode == (isHeld ? 0 : ExitCodes.Failed), $"{sample.Name} {format}: {run.Error}");
                Assert.Equal(isHeld, File.Exists(file));
                File.Delete(file);
                Assert.Empty(Directory.GetFiles(_wharf.Folder));
            }
        }

        Assert.InRange(taken, 45, ArrowSamples.All.Count);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_file_that_exists_is_replaced_only_by_a_whole_one(string format)
    {
        if (OperatingSystem.IsWindows())
            return; // modes are Unix's
        var file = _wharf.Path("kept");
        await File.WriteAllTextAsync(file, "before", TestServer.Cancelled);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(ExitCodes.Failed, (await _wharf.RunAsync("table", "nothing", format, file)).ExitCode);
        Assert.Equal("before", await File.ReadAllTextAsync(file, TestServer.Cancelled));

        var link = _wharf.Path("link");
        File.CreateSymbolicLink(link, file);
        Assert.Equal(0, (await _wharf.RunAsync("table", "numbers", format, link)).ExitCode);
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.True(new FileInfo(file).Length > 100_000);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(2, Directory.GetFiles(_wharf.Folder).Length);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_full_disk_is_an_error_of_one_line(string format)
    {
        if (!File.Exists("/dev/full"))
            return; // a device of Linux
        foreach (var table in new[] { "numbers", "small" })
        {
            _server.Scope["small"] = await (await _server.Tables.EmptyAsync(1, TestServer.Cancelled))
                .UpdateAsync(["X = i"], cancellationToken: TestServer.Cancelled);
            var run = await _wharf.RunAsync("table", table, format, "/dev/full");
            Assert.Equal((ExitCodes.Failed, ""), (run.ExitCode, run.Out));
            Assert.StartsWith("wharf: '/dev/full' cannot be written: No space left on device", run.Error, StringComparison.Ordinal);
            Assert.Single(run.Error.Trim().Split('\n'));
        }
    }

    [Theory]
    [InlineData("no/such/folder/file")]
    [InlineData("config")]
    public async Task A_file_that_cannot_be_made_is_an_error_of_one_line(string name)
    {
        Directory.CreateDirectory(_wharf.Path("config"));
        var run = await _wharf.RunAsync("table", "numbers", "--csv", _wharf.Path(name));
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Single(run.Error.Trim().Split('\n'));
        Assert.Empty(Directory.GetFiles(_wharf.Folder));
    }

    [Fact]
    public async Task Binary_formats_are_refused_on_a_terminal()
    {
        Assert.Equal(ExitCodes.Usage, (await _wharf.RunAsync("table", "numbers", "--arrow", "-")).ExitCode);
        Assert.Equal(ExitCodes.Usage, (await _wharf.RunAsync("table", "numbers", "--parquet", "-")).ExitCode);
        Assert.Empty(Directory.GetFiles(_wharf.Folder));
    }

    [Theory]
    [InlineData("--csv")]
    [InlineData("--arrow")]
    [InlineData("--parquet")]
    public async Task Standard_output_receives_the_content_of_a_file(string format)
    {
        if (OperatingSystem.IsWindows())
            return;
        var (file, output) = (_wharf.Path("file"), _wharf.Path("output"));
        Assert.Equal(0, (await _wharf.RunAsync("table", "numbers", format, file)).ExitCode);
        Assert.Equal("0", await ShellAsync($"$WHARF table numbers {format} - > {output} 2>/dev/null; echo $?"));
        Assert.Equal(await File.ReadAllBytesAsync(file, TestServer.Cancelled), await File.ReadAllBytesAsync(output, TestServer.Cancelled));
        Assert.False(File.Exists("-"));
    }

    [Theory]
    [InlineData("table numbers --csv -")]
    [InlineData("table numbers --arrow -")]
    [InlineData("table numbers --parquet -")]
    [InlineData("table numbers")]
    [InlineData("objects")]
    [InlineData("--help")]
    public async Task A_full_standard_output_is_an_error_of_one_line(string command)
    {
        if (!File.Exists("/dev/full"))
            return; // a device of Linux
        Assert.Equal(
            "wharf: standard output cannot be written: No space left on device\n1",
            await ShellAsync($"$WHARF {command} 2>&1 >/dev/full | cat; echo ${{PIPESTATUS[0]}}"));
    }

    [Theory]
    [InlineData("table numbers --csv -")]
    [InlineData("table numbers --arrow -")]
    [InlineData("table numbers --parquet -")]
    [InlineData("table numbers --rows 100000")]
    [InlineData("objects --watch")]
    [InlineData("--help")]
    public async Task A_closed_pipe_ends_the_command_without_an_error(string command)
    {
        if (OperatingSystem.IsWindows())
            return;
        // The reader ends first, so that the command writes to a closed pipe.
        Assert.Equal("0", await ShellAsync($"exec 3>&1; (read -r _ <gone; exec $WHARF {command} 2>&3) | (exec <&-; echo gone >gone); echo ${{PIPESTATUS[0]}}"));
    }

    /// <summary>Runs a shell command in which <c>$WHARF</c> starts the command as a process.</summary>
    private async Task<string> ShellAsync(string line)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"mkfifo gone; {line}"]) { RedirectStandardOutput = true, WorkingDirectory = _wharf.Folder };
        start.Environment["WHARF"] = $"dotnet {HelpAndDocs.Executable}";
        start.Environment["WHARF_CONFIG"] = _wharf.Path("config");
        foreach (var (name, value) in _wharf.Environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(TestServer.Cancelled);
            await process.WaitForExitAsync(TestServer.Cancelled);
            return output.Trim();
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
