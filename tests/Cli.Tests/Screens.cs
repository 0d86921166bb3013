using System.Text;
using Apache.Arrow;
using Wharf.Cli.Output;
using Wharf.Cli.Tables;
using Wharf.Client;
using Wharf.Plugins;
using Wharf.Server;
using Wharf.Server.Tests;

namespace Wharf.Cli.Tests;

/// <summary>Texts of a server do not control the screen of the command. The marker is the title sequence of a terminal, which is harmless.</summary>
public sealed class Screens : IAsyncLifetime
{
    private const string Marker = "\u009d0;title\u009c";
    private const string Escaped = "\\u009D0;title\\u009C";

    private readonly WharfTool _wharf = new();
    private WharfServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        var options = TestServer.Options();
        options.Types.Add(new MarkerType());
        options.Scope["marker"] = new MarkerObject();
        _server = await WharfServer.StartAsync(options, TestServer.Cancelled);
        _wharf.Environment["WHARF_SERVER"] = WharfTool.Address(_server.Port);
        _wharf.Environment["WHARF_PSK"] = TestServer.Key;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _wharf.Dispose();
    }

    [Theory]
    [InlineData("call", "marker", "text")]
    [InlineData("watch", "marker", "--count", "1")]
    public async Task A_message_of_an_object_is_escaped_on_a_screen_and_complete_in_a_file(params string[] arguments)
    {
        _wharf.IsScreen = true;
        Assert.Equal(Escaped + "\n", (await _wharf.RunAsync(arguments)).Out);
        _wharf.IsScreen = false;
        Assert.Equal(Marker + "\n", (await _wharf.RunAsync(arguments)).Out);
    }

    [Fact]
    public async Task An_error_of_an_object_is_escaped()
    {
        var run = await _wharf.RunAsync("call", "marker", "fail");
        Assert.Contains(Escaped, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain text, ümläut, 文字, \ttab", "plain text, ümläut, 文字, \ttab")]
    [InlineData("a\r\nb\n", "a\r\nb\n")]
    [InlineData("over\rwrite", "over\\u000Dwrite")]
    [InlineData("\u009b2J", "\\u009B2J")]
    [InlineData("abc\u202edef", "abc\\u202Edef")]
    public void A_screen_receives_text_and_no_control_characters(string text, string written)
    {
        using var inner = new StringWriter();
        using var screen = new ScreenWriter(inner);
        screen.Write(text);
        Assert.Equal(written, inner.ToString());
    }

    [Fact]
    public async Task Csv_for_spreadsheets_has_no_formula_and_keeps_numbers()
    {
        using var batch = new RecordBatch.Builder().Append("=a", false, new StringArray.Builder().AppendRange(["=1+1", "-2", "@x", "+3", "plain", ""]).Build())
            .Append("n", false, new Int64Array.Builder().AppendRange([-1, 2, -3, 4, 5, 6]).Build()).Build();

        Assert.Equal("'=a,n\r\n'=1+1,-1\r\n'-2,2\r\n'@x,-3\r\n'+3,4\r\nplain,5\r\n\"\",6\r\n", await WriteAsync(TableFormat.EscapedCsv, batch));
        Assert.Equal("=a,n\r\n=1+1,-1\r\n-2,2\r\n@x,-3\r\n+3,4\r\nplain,5\r\n\"\",6\r\n", await WriteAsync(TableFormat.Csv, batch));
    }

    [Fact]
    public async Task The_option_for_spreadsheets_needs_csv()
    {
        var run = await _wharf.RunAsync("table", "marker", "--escape-formulas");
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("--escape-formulas needs --csv", run.Error, StringComparison.Ordinal);
    }

    private static async Task<string> WriteAsync(TableFormat format, RecordBatch batch)
    {
        using var stream = new MemoryStream();
        await using (var file = format.Create(stream, batch.Schema))
        {
            await file.WriteAsync(batch, TestServer.Cancelled);
            await file.CompleteAsync(TestServer.Cancelled);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class MarkerObject;

    private sealed class MarkerType() : BidirectionalObjectType<MarkerObject>("Marker")
    {
        protected override ValueTask<IMessageHandler> ConnectAsync(MarkerObject instance, IMessageStream stream, CancellationToken cancellationToken)
        {
            stream.Send(Encoding.UTF8.GetBytes(Marker));
            return ValueTask.FromResult<IMessageHandler>(new Handler(stream));
        }

        private sealed class Handler(IMessageStream stream) : IMessageHandler
        {
            public ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
            {
                if (message.Payload.Span.SequenceEqual("fail"u8))
                    throw new InvalidOperationException(Marker);
                stream.Send(Encoding.UTF8.GetBytes(Marker));
                return ValueTask.CompletedTask;
            }
        }
    }
}
