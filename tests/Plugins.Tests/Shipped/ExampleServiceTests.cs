using System.Text.Json;
using System.Text.Json.Nodes;
using Wharf.Tables;

namespace Wharf.Plugins.Tests.Shipped;

public sealed class ExampleServiceTests
{
    [Fact]
    public async Task It_answers_to_the_names_of_the_guide_and_is_serial()
    {
        using ShippedPlugin plugin = await ShippedPlugin.LoadAsync("ExampleService");

        Assert.Equal("ExampleService", plugin.Type.Name);
        Assert.Equal(["example_plugin_server.ExampleService"], plugin.Type.Aliases);
        Assert.False(plugin.Type.IsConcurrent);
    }

    [Fact]
    public async Task A_connect_is_acknowledged_by_an_empty_message()
    {
        using ShippedPlugin plugin = await ShippedPlugin.LoadAsync("ExampleService");
        TestStream stream = await plugin.ConnectAsync();

        Assert.Equal(("", []), stream.Take());
    }

    [Fact]
    public async Task Hello_string_says_what_was_said()
    {
        (JsonNode answer, IReadOnlyList<object?> references) = await AskAsync("""{"method": "hello_string", "data": "Hello \"server\"! ü"}""");

        Assert.Equal("""Hello client.  You said: Hello "server"! ü""", (string?)answer["result"]);
        Assert.Null(answer["error"]);
        Assert.Empty(references);
    }

    [Fact]
    public async Task Hello_table_returns_the_table_with_what_both_said()
    {
        TableOperation? asked = null;
        TestTable result = new();
        TestTable input = new(operation =>
        {
            asked = operation;
            return result;
        });
        (JsonNode answer, IReadOnlyList<object?> references) = await AskAsync("""{"method": "hello_table", "data": "Hello server!"}""", input);

        Assert.Equal("""{"result":""}""", answer.ToJsonString());
        Assert.Same(result, Assert.Single(references));
        SelectOrUpdate update = Assert.IsType<SelectOrUpdate>(asked);
        Assert.Equal(SelectKind.Update, update.Kind);
        Assert.Equal(["Client = data", "Server = `Hello client!`"], update.Columns);
        Assert.Equal([new("data", new TextParameter("Hello server!"))], update.Parameters);
    }

    [Theory]
    [InlineData("""{"method": "dance", "data": ""}""", "Unknown message type: dance")]
    [InlineData("""{"method": 5}""", "Unknown message type: 5")]
    [InlineData("""{"data": "x"}""", "the call has no method")]
    [InlineData("""{"method": "hello_string"}""", "the call has no data")]
    [InlineData("""{"method": "hello_table", "data": "x"}""", "hello_table takes a table as its first reference")]
    [InlineData("[]", "a call is a JSON object with method and data")]
    [InlineData("""{"method": "hello_string", "data": "\ud800"}""", """the text "\ud800" contains a lone surrogate""")]
    [InlineData("""{"method": "\ud800", "data": ""}""", """the text "\ud800" contains a lone surrogate""")]
    public async Task A_call_that_fails_is_answered_in_the_error_field(string call, string error)
    {
        (JsonNode answer, IReadOnlyList<object?> references) = await AskAsync(call);

        Assert.Equal(error, (string?)answer["error"]);
        Assert.Null(answer["result"]);
        Assert.Empty(references);
    }

    [Fact]
    public async Task A_formula_that_fails_is_answered_in_the_error_field()
    {
        TestTable input = new(_ => throw new PluginException("column(s) not found: Nope"));
        (JsonNode answer, _) = await AskAsync("""{"method": "hello_table", "data": "x"}""", input);

        Assert.Equal("column(s) not found: Nope", (string?)answer["error"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("hello")]
    public async Task A_message_that_is_no_json_ends_the_stream_with_the_form_of_a_message(string payload)
    {
        using ShippedPlugin plugin = await ShippedPlugin.LoadAsync("ExampleService");
        TestStream stream = await plugin.ConnectAsync();

        PluginException refused = await Assert.ThrowsAsync<PluginException>(() => stream.HandleAsync(payload));

        Assert.Equal(PluginStatus.InvalidArgument, refused.Status);
        Assert.Equal("""a message is a JSON object with method and data, such as {"method": "hello_string", "data": "hello"}; this one is not JSON""", refused.Message);
    }

    private static async Task<(JsonNode Answer, IReadOnlyList<object?> References)> AskAsync(string call, params IServerObject[] references)
    {
        using ShippedPlugin plugin = await ShippedPlugin.LoadAsync("ExampleService");
        TestStream stream = await plugin.ConnectAsync();
        stream.Take();
        await stream.HandleAsync(call, references);
        (string payload, IReadOnlyList<object?> sent) = stream.Take();
        return (JsonNode.Parse(payload)!, sent);
    }
}
