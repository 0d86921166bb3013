using System.Text.Json;
using Grpc.Core;
using Wharf.Client;

namespace Wharf.Security;

[Collection(nameof(SharedServer))]
public sealed class NameOwners(SharedServer shared)
{
    [Theory]
    [InlineData("counter")]
    [InlineData("objects")]
    [InlineData("program_counter")]
    public async Task Nobody_takes_a_name_of_the_configuration_or_of_the_program(string name)
    {
        using Caller key = await Caller.WithKeyAsync(shared.Server), ann = await shared.AnnAsync(), anonymous = await Caller.AnonymousAsync(shared.Server);
        var before = (await key.ListAsync())[name];
        foreach (var caller in new[] { key, ann, anonymous })
        {
            var table = await caller.TableAsync();
            var text = await Caller.RefusedAsync(StatusCode.PermissionDenied, () => caller.BindAsync(name, table));
            Assert.Contains($"'{name}'", text, StringComparison.Ordinal);
            Assert.Contains(name == "program_counter" ? "the program" : "the configuration", text, StringComparison.Ordinal);
            await Caller.RefusedAsync(StatusCode.PermissionDenied, () => caller.PublishAsync(Caller.Scope(name), table));
        }

        Assert.Equal(before, (await key.ListAsync())[name]);
        Assert.NotEqual("Table", before);
    }

    [Fact]
    public async Task A_user_replaces_own_variables_from_any_session_and_not_those_of_others()
    {
        using Caller ann = await shared.AnnAsync(), annAgain = await shared.AnnAsync(), bob = await shared.BobAsync(), key = await Caller.WithKeyAsync(shared.Server);
        await ann.BindAsync("anns", await ann.TableAsync(1));
        await ann.CloseAsync();

        await annAgain.BindAsync("anns", await annAgain.TableAsync(2));
        foreach (var other in new[] { bob, key })
        {
            var table = await other.TableAsync(3);
            var text = await Caller.RefusedAsync(StatusCode.PermissionDenied, () => other.BindAsync("anns", table));
            Assert.Contains("belongs to another user", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Basic", text, StringComparison.Ordinal);
        }

        Assert.Equal(2, await bob.SizeAsync("anns"));
    }

    [Fact]
    public async Task Sessions_with_the_key_are_one_principal()
    {
        using Caller one = await Caller.WithKeyAsync(shared.Server), other = await Caller.WithKeyAsync(shared.Server);
        await one.BindAsync("keys", await one.TableAsync(1));
        await other.BindAsync("keys", await other.TableAsync(2));

        Assert.Equal(2, await one.SizeAsync("keys"));
    }

    [Fact]
    public async Task Only_the_owner_deletes_an_object_that_a_session_created()
    {
        await using Session key = await shared.Server.ConnectAsync(), ann = await shared.Server.ConnectAsync(Credentials.Basic("ann", "a"));
        Assert.Null(Status(await CallAsync(key, """{"method": "create", "type": "Counter", "name": "created"}""")));

        Assert.Equal((int)StatusCode.PermissionDenied, Status(await CallAsync(ann, """{"method": "delete", "name": "created"}""")));
        Assert.Equal((int)StatusCode.PermissionDenied, Status(await CallAsync(key, """{"method": "delete", "name": "counter"}""")));
        Assert.Null(Status(await CallAsync(key, """{"method": "delete", "name": "created"}""")));
    }

    [Fact]
    public async Task The_program_replaces_names_of_others_and_not_configured_ones()
    {
        using var ann = await shared.AnnAsync();
        await ann.BindAsync("programs", await ann.TableAsync());

        await shared.Server.Scope.SetAsync("programs", new Plugins.Counter.CounterObject(1));
        var refused = await Assert.ThrowsAsync<Plugins.PluginException>(async () => await shared.Server.Scope.SetAsync("echo", new Plugins.Counter.CounterObject(1)));

        Assert.Equal("Counter", (await ann.ListAsync())["programs"]);
        Assert.Equal(Plugins.PluginStatus.PermissionDenied, refused.Status);
        Assert.True(await shared.Server.Scope.RemoveAsync("programs"));
    }

    [Fact]
    public async Task A_listed_manager_replaces_names_of_others_and_not_configured_ones()
    {
        await using var server = await GuardedServer.StartAsync(options =>
        {
            options.Settings["Wharf:Objects:Managers:0"] = "super-user";
            options.Scope["program_counter"] = new Plugins.Counter.CounterObject(1);
        });
        using var manager = await Caller.WithKeyAsync(server);

        await manager.BindAsync("program_counter", await manager.TableAsync(4));

        Assert.Equal(4, await manager.SizeAsync("program_counter"));
        var table = await manager.TableAsync();
        await Caller.RefusedAsync(StatusCode.PermissionDenied, () => manager.BindAsync("counter", table));
    }

    private static int? Status(JsonElement answer) => answer.TryGetProperty("status", out var status) ? status.GetInt32() : null;

    private static Task<JsonElement> CallAsync(Session session, string call) => ManagedObjects.CallAsync(session, call);
}
