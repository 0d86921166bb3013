using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Wharf.Security;

[Collection(nameof(SharedServer))]
public sealed class NameLimits(SharedServer shared)
{
    public static TheoryData<string, string> Refused => new()
    {
        { new string('x', 257), "is longer than 256 bytes" },
        { new string('ö', 129), "is longer than 256 bytes" },
        { "a\nb", "has the character U+000A" },
        { "\u001b[marker", "has the character U+001B" },
        { "a\u202eb", "has the character U+202E" },
        { " a", "begins or ends with a blank" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_variable_cannot_be_bound_to_another_text_than_a_name(string name, string part)
    {
        using var caller = await Caller.WithKeyAsync(shared.Server);
        var table = await caller.TableAsync();

        var text = await Caller.RefusedAsync(StatusCode.InvalidArgument, () => caller.BindAsync(name, table));

        Assert.StartsWith("The variable name " + part, text, StringComparison.Ordinal);
        Assert.All(text, static character => Assert.InRange(character, ' ', '~'));
        Assert.Equal(text, await Caller.RefusedAsync(StatusCode.InvalidArgument, () => caller.PublishAsync(Caller.Scope(name), table)));
        Assert.Equal(text, await Caller.RefusedAsync(StatusCode.InvalidArgument, () => caller.SizeAsync(name)));
    }

    [Fact]
    public async Task A_name_of_256_printable_bytes_is_bound_listed_and_read()
    {
        using var caller = await Caller.WithKeyAsync(shared.Server);
        foreach (var name in new[] { new string('x', 256), new string('ö', 128), "größe $(echo) 'a' 漢" })
        {
            await caller.BindAsync(name, await caller.TableAsync(7));
            Assert.Equal("Table", (await caller.ListAsync())[name]);
            Assert.Equal(7, await caller.SizeAsync(name));
        }
    }

    [Theory]
    [InlineData("""{"method": "create", "type": "Counter", "name": "a\nb"}""", "The variable name has the character U+000A")]
    [InlineData("""{"method": "create", "type": "Counter", "name": "app/a\u001bb/field/x"}""", "The application id has the character U+001B")]
    [InlineData("""{"method": "create", "type": "Counter", "name": "app/a/field/a\u202eb"}""", "The field name has the character U+202E")]
    [InlineData("""{"method": "create", "type": "a\nb", "name": "x"}""", "The type name has the character U+000A")]
    [InlineData("""{"method": "delete", "name": "a\nb"}""", "The variable name has the character U+000A")]
    [InlineData("""{"method": "a\nb"}""", "There is no method 'a?b'")]
    public async Task The_object_objects_refuses_another_text_than_a_name(string call, string text)
    {
        await using var session = await shared.Server.ConnectAsync();
        var answer = await ManagedObjects.CallAsync(session, call);

        Assert.StartsWith(text, answer.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nb", "The variable name has the character U+000A")]
    [InlineData("app/a\u001bb/field/x", "The application id has the character U+001B")]
    public async Task A_configured_field_with_another_text_than_a_name_is_refused_at_the_start(string name, string text)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedServer.StartAsync(options => options.Settings[$"Wharf:Fields:{name}:Type"] = "Echo"));

        Assert.Contains(text, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(name, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_cannot_use_another_text_than_a_name()
    {
        var refused = await Assert.ThrowsAsync<Plugins.PluginException>(async () => await shared.Server.Scope.SetAsync("a\nb", new Plugins.Counter.CounterObject(1)));

        Assert.Equal(Plugins.PluginStatus.InvalidArgument, refused.Status);
        await shared.Server.Scope.SetAsync("a b", new Plugins.Counter.CounterObject(1));
    }
}
