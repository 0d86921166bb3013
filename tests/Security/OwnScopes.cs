using Grpc.Core;
using Wharf.Client;
using Wharf.Protocol.Grpc;
using ScopeTicket = Wharf.Protocol.ScopeTicket;

namespace Wharf.Security;

[Collection(nameof(SharedServer))]
public sealed class OwnScopes(SharedServer shared)
{
    [Fact]
    public async Task A_variable_of_an_anonymous_session_is_seen_by_that_session_only()
    {
        using Caller one = await Caller.AnonymousAsync(shared.Server), other = await Caller.AnonymousAsync(shared.Server), key = await Caller.WithKeyAsync(shared.Server);
        await one.BindAsync("mine", await one.TableAsync(3));
        await other.BindAsync("mine", await other.TableAsync(4));

        Assert.Equal(3, await one.SizeAsync("mine"));
        Assert.Equal(4, await other.SizeAsync("mine"));
        Assert.Equal("Table", (await one.ListAsync())["mine"]);
        Assert.DoesNotContain("mine", (await key.ListAsync()).Keys);
        await Caller.RefusedAsync(StatusCode.NotFound, () => key.SizeAsync("mine"));
        Assert.Equal("Counter", (await one.ListAsync())["counter"]);
    }

    [Fact]
    public async Task An_own_variable_can_be_published_over()
    {
        await using var session = await shared.Server.ConnectAsync(Credentials.Anonymous);
        var first = await session.EmptyTableAsync(1, GuardedServer.Cancelled);
        var second = await session.EmptyTableAsync(2, GuardedServer.Cancelled);

        await session.PublishAsync(first.Ticket, new ScopeTicket("again"), GuardedServer.Cancelled);
        await session.PublishAsync(second.Ticket, new ScopeTicket("again"), GuardedServer.Cancelled);

        await using var open = await session.OpenTableAsync(new ScopeTicket("again"), GuardedServer.Cancelled);
        Assert.Equal(2, open.Size);
    }

    [Fact]
    public async Task A_list_that_is_open_shows_own_and_shared_changes()
    {
        using Caller one = await Caller.AnonymousAsync(shared.Server), key = await Caller.WithKeyAsync(shared.Server);
        using var list = one.Fields.ListFields(new ListFieldsRequest(), one.Headers);
        Assert.True(await list.ResponseStream.MoveNext(GuardedServer.Cancelled));

        await one.BindAsync("own_live", await one.TableAsync());
        await UntilCreatedAsync(list.ResponseStream, "own_live");
        await key.BindAsync("shared_live", await key.TableAsync());
        await UntilCreatedAsync(list.ResponseStream, "shared_live");
    }

    [Fact]
    public async Task A_shared_name_cannot_be_hidden()
    {
        using Caller one = await Caller.AnonymousAsync(shared.Server), key = await Caller.WithKeyAsync(shared.Server);
        await key.BindAsync("not_hidden", await key.TableAsync(5));
        var table = await one.TableAsync(6);

        await Caller.RefusedAsync(StatusCode.PermissionDenied, () => one.BindAsync("not_hidden", table));

        Assert.Equal(5, await one.SizeAsync("not_hidden"));
    }

    [Fact]
    public async Task Own_variables_end_with_their_session_and_those_of_users_do_not()
    {
        using Caller one = await Caller.AnonymousAsync(shared.Server), ann = await shared.AnnAsync(), other = await Caller.AnonymousAsync(shared.Server);
        await one.BindAsync("ends", await one.TableAsync());
        await ann.BindAsync("stays", await ann.TableAsync());
        await one.CloseAsync();
        await ann.CloseAsync();

        Assert.Equal(1, await other.SizeAsync("stays"));
        await Caller.RefusedAsync(StatusCode.NotFound, () => other.SizeAsync("ends"));
    }

    [Fact]
    public async Task Anonymous_variables_are_shared_where_the_setting_says_so_and_still_end_with_their_session()
    {
        await using var server = await GuardedServer.StartAsync(static options => options.Settings["Wharf:Sessions:ShareAnonymousVariables"] = "true");
        using Caller one = await Caller.AnonymousAsync(server), other = await Caller.AnonymousAsync(server);
        await one.BindAsync("shared", await one.TableAsync(3));
        Assert.Equal(3, await other.SizeAsync("shared"));

        var table = await other.TableAsync();
        await Caller.RefusedAsync(StatusCode.PermissionDenied, () => other.BindAsync("shared", table));
        await Caller.RefusedAsync(StatusCode.PermissionDenied, () => other.BindAsync("counter", table));
        await one.CloseAsync();
        await Caller.RefusedAsync(StatusCode.NotFound, () => other.SizeAsync("shared"));
        await other.BindAsync("shared", table);
    }

    private static async Task UntilCreatedAsync(IAsyncStreamReader<FieldsChangeUpdate> list, string name)
    {
        while (await list.MoveNext(GuardedServer.Cancelled))
        {
            if (list.Current.Created.Any(field => field.FieldName == name))
                return;
        }

        Assert.Fail($"the list ended without {name}");
    }
}
