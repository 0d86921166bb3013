using Google.Protobuf;
using Grpc.Core;

namespace Wharf.Security;

public sealed class NameQuotas : IAsyncLifetime
{
    private GuardedServer? _server;
    private byte _lastShared;

    private GuardedServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await GuardedServer.StartAsync(static options =>
    {
        options.Settings["Wharf:Sessions:MaxVariables"] = "2";
        options.Settings["Wharf:Sessions:MaxVariablesPerUser"] = "3";
        options.Settings["Wharf:Sessions:MaxSharedTickets"] = "2";
        options.Settings["Wharf:Sessions:MaxSharedTicketsPerUser"] = "3";
        options.Settings["Wharf:Sessions:MaxCreatedObjectsPerUser"] = "1";
    });

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Variables_of_a_session_and_of_a_user_are_limited(bool isAnonymous)
    {
        using Caller one = await LoginAsync(isAnonymous), other = await LoginAsync(isAnonymous);
        await one.BindAsync("a", await one.TableAsync());
        await one.BindAsync("b", await one.TableAsync());
        var text = await Caller.RefusedAsync(StatusCode.ResourceExhausted, async () => await one.BindAsync("c", await one.TableAsync()));
        Assert.Equal("A session has at most 2 variables (Wharf:Sessions:MaxVariables)", text);

        await other.BindAsync("d", await other.TableAsync());
        text = await Caller.RefusedAsync(StatusCode.ResourceExhausted, async () => await other.BindAsync("e", await other.TableAsync()));
        Assert.Equal("A user has at most 3 variables (Wharf:Sessions:MaxVariablesPerUser)", text);

        // A variable that the session has can be bound again.
        await one.BindAsync("a", await one.TableAsync(9));
        Assert.Equal(9, await one.SizeAsync("a"));
        if (!isAnonymous)
            return;

        // The variables of an ended session are not counted.
        await one.CloseAsync();
        await other.BindAsync("e", await other.TableAsync());
    }

    [Fact]
    public async Task Concurrent_binds_do_not_exceed_the_limit()
    {
        using var one = await Caller.WithKeyAsync(Server);
        var table = await one.TableAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async n => await Record.ExceptionAsync(() => one.BindAsync($"v{n}", table))));

        Assert.Equal(2, outcomes.Count(static outcome => outcome is null));
        Assert.All(outcomes.OfType<RpcException>(), static refused => Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Shared_tickets_of_a_session_and_of_a_user_are_limited(bool isAnonymous)
    {
        using Caller one = await LoginAsync(isAnonymous), other = await LoginAsync(isAnonymous);
        var first = await one.TableAsync();
        var second = await one.TableAsync();
        await one.PublishAsync(NewShared(), first);
        await one.PublishAsync(NewShared(), second);
        var text = await Caller.RefusedAsync(StatusCode.ResourceExhausted, () => one.PublishAsync(NewShared(), first));
        Assert.Equal("A session has at most 2 shared tickets (Wharf:Sessions:MaxSharedTickets)", text);

        var third = await other.TableAsync();
        await other.PublishAsync(NewShared(), third);
        text = await Caller.RefusedAsync(StatusCode.ResourceExhausted, () => other.PublishAsync(NewShared(), third));
        Assert.Equal("A user has at most 3 shared tickets (Wharf:Sessions:MaxSharedTicketsPerUser)", text);

        // A released export, and an ended session, return their places.
        await one.Sessions.ReleaseAsync(new Protocol.Grpc.ReleaseRequest { Id = Caller.Export(first) }, one.Headers);
        await one.PublishAsync(NewShared(), second);
        await one.CloseAsync();
        await other.PublishAsync(NewShared(), third);
    }

    [Fact]
    public async Task Objects_that_a_user_creates_are_limited()
    {
        await using var session = await Server.ConnectAsync();
        Assert.True((await ManagedObjects.CallAsync(session, """{"method": "create", "type": "Counter", "name": "one"}""")).TryGetProperty("result", out _));

        var answer = await ManagedObjects.CallAsync(session, """{"method": "create", "type": "Counter", "name": "two"}""");
        Assert.Equal("A user has at most 1 created objects (Wharf:Sessions:MaxCreatedObjectsPerUser)", answer.GetProperty("error").GetString());
        Assert.Equal((int)StatusCode.ResourceExhausted, answer.GetProperty("status").GetInt32());

        await ManagedObjects.CallAsync(session, """{"method": "delete", "name": "one"}""");
        Assert.True((await ManagedObjects.CallAsync(session, """{"method": "create", "type": "Counter", "name": "two"}""")).TryGetProperty("result", out _));
    }

    [Fact]
    public async Task A_refused_publish_takes_no_place()
    {
        using Caller one = await Caller.WithKeyAsync(Server), other = await Caller.AnonymousAsync(Server);
        var taken = NewShared();
        await other.PublishAsync(taken, await other.TableAsync());
        var table = await one.TableAsync();
        for (var n = 0; n < 5; n++)
            await Caller.RefusedAsync(StatusCode.AlreadyExists, () => one.PublishAsync(taken, table));

        await one.PublishAsync(NewShared(), table);
        await one.PublishAsync(NewShared(), table);
    }

    private Task<Caller> LoginAsync(bool isAnonymous) => isAnonymous ? Caller.AnonymousAsync(Server) : Caller.WithKeyAsync(Server);

    private Protocol.Grpc.Ticket NewShared() => new() { Ticket_ = ByteString.CopyFrom((byte)'h', ++_lastShared, 1, 2, 3) };
}
