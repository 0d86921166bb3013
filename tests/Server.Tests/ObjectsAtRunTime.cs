using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Wharf.Client;

namespace Wharf.Server.Tests;

/// <summary>The built-in object <c>objects</c>: named objects are made and removed while the server runs, by those who may.</summary>
public sealed class ObjectsAtRunTime
{
    [Fact]
    public async Task It_is_there_without_being_configured_and_an_empty_type_takes_it_away()
    {
        await using (var server = await TestServer.StartAsync())
        await using (var session = await server.ConnectAsync())
            Assert.Equal("Wharf.Objects", (await session.ListFieldsAsync(TestServer.Cancelled)).Single(static field => field.Name == "objects").Ticket.Type);

        var options = TestServer.Options();
        options.Settings["Wharf:Fields:objects:Type"] = "";
        await using var without = await WharfServer.StartAsync(options, TestServer.Cancelled);
        await using var other = await without.ConnectAsync();
        Assert.Empty(await other.ListFieldsAsync(TestServer.Cancelled));
    }

    [Fact]
    public async Task Types_are_listed_with_what_one_can_do_with_them()
    {
        await using var server = await TestServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var objects = await session.OpenAsync("objects");
        var types = (await CallAsync(objects, """{"method": "list_types"}""")).Answer["result"]!.AsArray();
        Assert.Equal(["Counter", "ExampleService", "Wharf.Objects"], types.Select(static type => (string)type!["name"]!));
        var example = types[1]!;
        Assert.Equal(["example_plugin_server.ExampleService"], example["aliases"]!.AsArray().Select(static alias => (string)alias!));
        Assert.Equal(("ExampleService", "bidirectional", true, 1), ((string)example["plugin"]!, (string)example["kind"]!, (bool)example["can_create"]!, (int)example["nodes"]!));
    }

    [Fact]
    public async Task A_session_sees_at_once_the_objects_that_another_makes_and_removes()
    {
        await using var server = await TestServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();
        await using var objects = await session.OpenAsync("objects");
        await using var changes = other.WatchFieldsAsync(TestServer.Cancelled).GetAsyncEnumerator(TestServer.Cancelled);
        Assert.True(await changes.MoveNextAsync());

        var (answer, references) = await CallAsync(objects, """{"method": "create", "type": "Counter", "name": "mine", "arguments": {"Start": 40}}""");
        Assert.Equal("Counter", (string)answer["result"]!["type"]!);
        Assert.Equal("Counter", Assert.Single(references).Type);
        Assert.True(await changes.MoveNextAsync());
        var created = Assert.Single(changes.Current.Created);
        Assert.Equal(("mine", "Counter"), (created.Name, created.Ticket.Type));

        // The reference of the answer, and the name, lead to the same object.
        await using (var byReference = await PluginClient.ConnectAsync(session, references[0], TestServer.Cancelled))
        await using (var byName = await other.OpenAsync("mine"))
        {
            Assert.Equal("40", await ReadTextAsync(byReference));
            await byName.SendAsync("2"u8.ToArray(), cancellationToken: TestServer.Cancelled);
            Assert.Equal("42", await ReadTextAsync(byReference));
        }

        Assert.Equal("", (string)(await CallAsync(objects, """{"method": "delete", "name": "mine"}""")).Answer["result"]!);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal("mine", Assert.Single(changes.Current.Removed).Name);
    }

    [Fact]
    public async Task The_holders_of_an_object_are_told_by_name_and_by_reference()
    {
        await using var server = await TestServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var objects = await session.OpenAsync("objects");
        var (_, references) = await CallAsync(objects, """{"method": "create", "type": "Counter", "name": "held"}""");
        await using var open = await session.OpenAsync("held");

        var holders = (await CallAsync(objects, """{"method": "holders", "name": "held"}""")).Answer["result"]!;
        Assert.Equal(1, (int)holders["streams"]!);
        var names = holders["holders"]!.AsArray().Select(static holder => ((string)holder!).Split('/')[0]).ToHashSet();
        Assert.Superset(new HashSet<string> { "field", "export", "stream" }, names);
        var sameByReference = (await CallAsync(objects, """{"method": "holders"}""", references[0])).Answer["result"]!;
        Assert.Equal((string)holders["id"]!, (string)sameByReference["id"]!);
    }

    [Theory]
    [InlineData("""{"method": "create", "type": "Nope", "name": "x"}""", StatusCode.NotFound, "no object type 'Nope'")]
    [InlineData("""{"method": "create", "type": "Counter", "name": "objects"}""", StatusCode.AlreadyExists, "objects")]
    [InlineData("""{"method": "create", "type": "Counter", "name": "a/b"}""", StatusCode.InvalidArgument, "a/b")]
    [InlineData("""{"method": "create", "type": "Counter", "name": ""}""", StatusCode.InvalidArgument, "name")]
    [InlineData("""{"method": "create", "type": "Counter", "name": "x", "arguments": {"Start": "five"}}""", StatusCode.InvalidArgument, "'five'")]
    [InlineData("""{"method": "create", "type": "Counter", "name": "x", "arguments": {"Start": [5]}}""", StatusCode.InvalidArgument, "arguments.Start")]
    [InlineData("""{"method": "create", "type": "Counter", "name": "x", "argumnets": {}}""", StatusCode.InvalidArgument, "argumnets")]
    [InlineData("""{"method": "delete", "name": "nope"}""", StatusCode.NotFound, "nope")]
    [InlineData("""{"method": "delete", "name": "objects"}""", StatusCode.FailedPrecondition, "objects")]
    [InlineData("""{"method": "holders", "name": "nope"}""", StatusCode.NotFound, "nope")]
    [InlineData("""{"method": "explode"}""", StatusCode.Unimplemented, "explode")]
    [InlineData("""{"no_method": 1}""", StatusCode.InvalidArgument, "method")]
    [InlineData("[1]", StatusCode.InvalidArgument, "JSON object")]
    [InlineData("""{"method": "delete", "name": "\ud800"}""", StatusCode.InvalidArgument, "well-formed")]
    [InlineData("""{"method": "create", "type": "Counter", "name": "x", "arguments": {"\ud800": "5"}}""", StatusCode.InvalidArgument, "well-formed")]
    [InlineData("""{"method": "list_types", "\ud800": "5"}""", StatusCode.InvalidArgument, "well-formed")]
    public async Task A_wrong_call_is_answered_by_its_error_and_the_stream_goes_on(string call, StatusCode status, string part)
    {
        await using var server = await TestServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var objects = await session.OpenAsync("objects");
        var (answer, references) = await CallAsync(objects, call);
        Assert.Equal(status, (StatusCode)(int)answer["status"]!);
        Assert.Contains(part, (string)answer["error"]!, StringComparison.Ordinal);
        Assert.Empty(references);
        Assert.NotNull((await CallAsync(objects, """{"method": "list_types"}""")).Answer["result"]);
        Assert.Equal(["objects"], (await session.ListFieldsAsync(TestServer.Cancelled)).Select(static field => field.Name));
    }

    [Fact]
    public async Task A_name_whose_object_could_not_be_made_is_free_again()
    {
        await using var server = await TestServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var objects = await session.OpenAsync("objects");
        Assert.NotNull((await CallAsync(objects, """{"method": "create", "type": "Counter", "name": "x", "arguments": {"Start": "five"}}""")).Answer["error"]);
        Assert.Null((await CallAsync(objects, """{"method": "create", "type": "Counter", "name": "x", "arguments": {"Start": "5"}}""")).Answer["error"]);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("*", true)]
    [InlineData("super-user", false)]
    [InlineData("anonymous", false)]
    [InlineData("Anonymous:anonymous", true)]
    public async Task The_anonymous_may_look_and_only_make_if_the_settings_say_so(string? managers, bool may)
    {
        var options = TestServer.Options();
        options.AllowAnonymous = true;
        if (managers is not null)
            options.Settings["Wharf:Objects:Managers:0"] = managers;
        await using var server = await WharfServer.StartAsync(options, TestServer.Cancelled);
        await using var anonymous = await server.ConnectAsync(Credentials.Anonymous);
        await using var objects = await anonymous.OpenAsync("objects");
        Assert.NotNull((await CallAsync(objects, """{"method": "list_types"}""")).Answer["result"]);
        var (answer, _) = await CallAsync(objects, """{"method": "create", "type": "Counter", "name": "x"}""");
        Assert.Equal(may ? null : (int)StatusCode.PermissionDenied, (int?)answer["status"]);
        var (deletion, _) = await CallAsync(objects, """{"method": "delete", "name": "x"}""");
        Assert.Equal(may ? null : (int)StatusCode.PermissionDenied, (int?)deletion["status"]);
    }

    [Fact]
    public async Task The_client_has_it_as_an_interface()
    {
        await using var server = await TestServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var objects = await session.OpenAsync<INamedObjects>(INamedObjects.Name, TestServer.Cancelled);
        var types = await objects.Service.ListTypesAsync(TestServer.Cancelled);
        Assert.Contains(types, static type => type is { Name: "Counter", CanCreate: true, Kind: "bidirectional", Nodes: 1 });

        var counter = await objects.Service.CreateAsync("Counter", "mine", new() { ["Start"] = "40" }, TestServer.Cancelled);
        Assert.Equal("Counter", counter.Type);
        var holders = await objects.Service.HoldersAsync("mine", TestServer.Cancelled);
        Assert.Equal("Counter", holders.Type);
        Assert.Contains("field/scope/mine", holders.Holders);
        Assert.Contains(holders.Holders, static holder => holder.StartsWith("export/", StringComparison.Ordinal));
        await counter.DisposeAsync();

        var taken = await Assert.ThrowsAsync<WharfException>(() => objects.Service.CreateAsync("Counter", "mine", cancellationToken: TestServer.Cancelled));
        Assert.Equal(StatusCode.AlreadyExists, taken.StatusCode);
        await objects.Service.DeleteAsync("mine", TestServer.Cancelled);
        var gone = await Assert.ThrowsAsync<WharfException>(() => objects.Service.HoldersAsync("mine", TestServer.Cancelled));
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_caller_that_is_no_manager_is_refused()
    {
        var options = TestServer.Options();
        options.Settings["Wharf:Objects:Managers:0"] = "Basic:ann";
        await using var server = await WharfServer.StartAsync(options, TestServer.Cancelled);
        await using var session = await server.ConnectAsync();
        await using var objects = await session.OpenAsync("objects");
        Assert.Equal((int)StatusCode.PermissionDenied, (int?)(await CallAsync(objects, """{"method": "create", "type": "Counter", "name": "x"}""")).Answer["status"]);
    }

    [Fact]
    public async Task A_manager_without_a_name_is_refused_at_the_start()
    {
        var options = TestServer.Options();
        options.Settings["Wharf:Objects:Managers:0"] = "Basic:";
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => WharfServer.StartAsync(options, TestServer.Cancelled));
        Assert.Contains("Wharf:Objects:Managers:0", wrong.Message, StringComparison.Ordinal);
    }

    private static async Task<(JsonObject Answer, IReadOnlyList<TypedTicket> References)> CallAsync(PluginClient objects, string call, params TypedTicket[] references)
    {
        await objects.SendAsync(Encoding.UTF8.GetBytes(call), references, TestServer.Cancelled);
        var message = (await objects.ReadAsync(TestServer.Cancelled))!;
        return (JsonSerializer.Deserialize<JsonObject>(message.Payload.Span)!, message.References);
    }

    private static async Task<string> ReadTextAsync(PluginClient client) => Encoding.UTF8.GetString((await client.ReadAsync(TestServer.Cancelled))!.Payload.Span);
}
