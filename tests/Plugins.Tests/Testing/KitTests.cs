using System.Globalization;
using Wharf.Plugins.Counter;
using Wharf.Plugins.Echo;
using Wharf.Plugins.ExampleService;
using Wharf.Plugins.Testing;

namespace Wharf.Plugins.Tests.Testing;

/// <summary>The kit runs the plugins that ship as a server does.</summary>
public sealed class KitTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_share_one_object_and_its_state()
    {
        await using var host = new PluginTestHost(new CounterRegistration());
        var counter = await host.CreateAsync("Counter", new Dictionary<string, string?> { ["Start"] = "40" }, Cancelled);
        await using var one = await counter.ConnectAsync();
        await using var two = await counter.ConnectAsync();
        await one.SendAsync("2");
        Assert.Equal(["40", "42"], (await one.ReceiveAllAsync()).Select(static message => message.Text));
        Assert.Equal(["40", "42"], (await two.ReceiveAllAsync()).Select(static message => message.Text));
        await two.EndAsync(CloseReason.ClientCancelled);
        await one.SendAsync("");
        Assert.Equal("43", (await one.ReceiveAsync(Cancelled))!.Text);
        Assert.Equal(43, counter.As<CounterObject>().Value);
    }

    [Fact]
    public async Task A_failure_ends_its_stream_with_what_the_client_would_see_and_no_other()
    {
        await using var host = new PluginTestHost(new CounterRegistration());
        var counter = await host.AddAsync(new CounterObject(1));
        await using var bad = await counter.ConnectAsync();
        await using var good = await counter.ConnectAsync();
        var failure = await Assert.ThrowsAsync<PluginException>(() => bad.SendAsync("five"));
        Assert.Equal(PluginStatus.InvalidArgument, failure.Status);
        Assert.Equal(CloseReason.Failed, bad.Ended);
        await Assert.ThrowsAsync<StreamClosedException>(() => bad.SendAsync("1"));
        await good.SendAsync("1");
        Assert.Null(good.Ended);
        await Assert.ThrowsAsync<PluginException>(() => host.CreateAsync("Counter", new Dictionary<string, string?> { ["Start"] = "x" }, Cancelled));
    }

    [Fact]
    public async Task Tables_are_computed_by_the_servers_engine()
    {
        await using var host = new PluginTestHost(new ExampleServiceRegistration());
        var service = await host.CreateAsync("example_plugin_server.ExampleService", cancellationToken: Cancelled);
        await using var stream = await service.ConnectAsync();
        await stream.ReceiveAsync(Cancelled);
        var table = await (await host.Tables.EmptyAsync(3, Cancelled)).UpdateAsync(["X = i"], cancellationToken: Cancelled);
        await stream.SendAsync("""{"method": "hello_table", "data": "hi"}""", table);
        var answer = (await stream.ReceiveAsync(Cancelled))!;
        Assert.Equal("""{"result":""}""", answer.Text);
        var result = Assert.IsType<ITable>(Assert.Single(answer.References), exactMatch: false);
        Assert.Equal(["X", "Client", "Server"], result.Schema.FieldsList.Select(static field => field.Name));
        Assert.Equal(3, result.Size);
        await Assert.ThrowsAsync<PluginException>(async () => await table.UpdateAsync(["X = "], cancellationToken: Cancelled));
    }

    [Fact]
    public async Task Objects_and_tables_come_back_as_what_they_are()
    {
        await using var host = new PluginTestHost(new EchoRegistration());
        var echo = await host.CreateAsync("Echo", cancellationToken: Cancelled);
        await using var stream = await echo.ConnectAsync();
        await stream.ReceiveAsync(Cancelled);
        var table = await host.Tables.EmptyAsync(1, Cancelled);
        await stream.SendAsync("x", table, echo);
        var answer = (await stream.ReceiveAsync(Cancelled))!;
        Assert.Same(table, answer.References[0]);
        Assert.Same(echo, answer.References[1]);
    }

    [Fact]
    public async Task A_handle_is_good_until_its_handler_returns_unless_it_is_kept()
    {
        await using var host = new PluginTestHost(new HoarderType());
        var hoarder = await host.AddAsync(new Hoarder());
        await using var stream = await hoarder.ConnectAsync();
        var table = await host.Tables.EmptyAsync(7, Cancelled);
        await stream.SendAsync("", table);
        var seen = hoarder.As<Hoarder>();
        Assert.Throws<PluginException>(() => seen.Lent!.Size);
        Assert.Equal(7, seen.Kept!.Size);
        await seen.Kept.DisposeAsync();
        Assert.Throws<PluginException>(() => seen.Kept.Size);
    }

    [Fact]
    public async Task Time_stands_still_until_it_is_moved_and_ticks_run_in_the_objects_turn()
    {
        await using var host = new PluginTestHost(new HoarderType());
        var hoarder = await host.AddAsync(new Hoarder());
        Assert.Equal(0, hoarder.As<Hoarder>().Ticks);
        await host.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.Equal(0, hoarder.As<Hoarder>().Ticks);
        await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, hoarder.As<Hoarder>().Ticks);
        Assert.Equal("10 seconds", host.Fields["tick"].ToString());
    }

    [Fact]
    public async Task The_end_is_told_once_and_the_object_is_disposed()
    {
        Hoarder instance = new();
        await using (var host = new PluginTestHost(new HoarderType()))
        {
            var stream = await (await host.AddAsync(instance)).ConnectAsync();
            await stream.EndAsync(CloseReason.NodeLost);
            await stream.DisposeAsync();
            await (await host.AddAsync(instance)).ConnectAsync();
        }

        Assert.Equal([CloseReason.NodeLost, CloseReason.Shutdown], instance.Ends);
        Assert.Equal(1, instance.Disposals);
    }

    [Fact]
    public async Task An_object_that_no_type_recognizes_is_refused()
    {
        await using var host = new PluginTestHost(new HoarderType());
        await Assert.ThrowsAsync<ArgumentException>(() => host.AddAsync("text"));
        await Assert.ThrowsAsync<ArgumentException>(() => host.CreateAsync("Nope", cancellationToken: Cancelled));
    }

    private sealed class Hoarder : IObjectLifetime, IDisposable
    {
        public ITable? Lent { get; set; }

        public ITable? Kept { get; set; }

        public int Ticks { get; private set; }

        public List<CloseReason> Ends { get; } = [];

        public int Disposals { get; private set; }

        public ValueTask OnLiveAsync(IObjectContext context, CancellationToken cancellationToken)
        {
            var start = context.TimeProvider.GetUtcNow();
            context.StartTimer(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), async token =>
            {
                Ticks++;
                await context.Fields.SetAsync("tick", $"{(context.TimeProvider.GetUtcNow() - start).TotalSeconds} seconds", token);
            });
            return ValueTask.CompletedTask;
        }

        public void Dispose() => Disposals++;
    }

    private sealed class HoarderType() : BidirectionalObjectType<Hoarder>("Hoarder")
    {
        protected override ValueTask<IMessageHandler> ConnectAsync(Hoarder instance, IMessageStream stream, CancellationToken cancellationToken)
        {
            stream.Send(default);
            return ValueTask.FromResult<IMessageHandler>(new Handler(instance));
        }

        private sealed class Handler(Hoarder hoarder) : IMessageHandler
        {
            public async ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
            {
                hoarder.Lent = (ITable)message.References[0];
                hoarder.Kept = (ITable)await hoarder.Lent.KeepAsync(cancellationToken);
                Assert.Equal(7, hoarder.Lent.Size);
            }

            public ValueTask OnClosedAsync(CloseReason reason, CancellationToken cancellationToken)
            {
                hoarder.Ends.Add(reason);
                return ValueTask.CompletedTask;
            }
        }
    }

    [Fact]
    public async Task Plugin_code_runs_in_the_invariant_culture_and_finds_every_other_as_on_a_server()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = new CultureInfo("de-DE");
        await using var host = new PluginTestHost(new CultureType());
        var made = await host.CreateAsync("Culture", cancellationToken: Cancelled);
        Assert.Equal("-1.5 '' 1,5 März", (await made.FetchAsync(cancellationToken: Cancelled)).Text);
        Assert.Equal("-1.5", made.As<CultureObject>().MadeIn);
        Assert.Equal("-1,5", (-1.5).ToString(CultureInfo.CurrentCulture));
    }

    private sealed record CultureObject(string MadeIn);

    private sealed class CultureType() : FetchOnlyObjectType<CultureObject>("Culture")
    {
        public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) =>
            ValueTask.FromResult<object>(new CultureObject((-1.5).ToString(CultureInfo.CurrentCulture)));

        protected override async ValueTask<FetchResult> FetchAsync(CultureObject instance, Caller caller, CancellationToken cancellationToken)
        {
            await Task.Yield();
            var german = new CultureInfo("de");
            var text = $"{-1.5} '{CultureInfo.CurrentUICulture.Name}' {1.5.ToString(german)} {new DateTime(2026, 3, 1).ToString("MMMM", german)}";
            return new FetchResult(System.Text.Encoding.UTF8.GetBytes(text), []);
        }
    }
}
