using System.Text;
using Wharf.Plugins.Testing;

namespace Wharf.Plugins.Tests.Testing;

/// <summary>A misbehaving plugin causes an error in the test kit, as on a server, and no endless wait.</summary>
public sealed class FaultyPlugins
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_whose_message_throws_has_the_name_of_its_type()
    {
        await using var host = new PluginTestHost(new ScriptType());
        var target = await host.AddAsync(new Script { OnMessage = static (_, _) => throw new Unreadable() });
        await using var stream = await target.ConnectAsync();

        var failure = await Assert.ThrowsAsync<PluginException>(() => stream.SendAsync("x"));

        Assert.Equal((PluginStatus.InvalidArgument, typeof(Unreadable).FullName), (failure.Status, failure.Message));
    }

    [Fact]
    public async Task A_deliberate_failure_inside_a_wait_keeps_its_status()
    {
        await using var host = new PluginTestHost(new ScriptType());
        var target = await host.AddAsync(
            new Script { OnMessage = static (_, _) => throw new AggregateException(new PluginException(PluginStatus.NotFound, "no such thing")) });
        await using var stream = await target.ConnectAsync();

        var failure = await Assert.ThrowsAsync<PluginException>(() => stream.SendAsync("x"));

        Assert.Equal((PluginStatus.NotFound, "no such thing"), (failure.Status, failure.Message));
    }

    [Fact]
    public async Task A_wait_for_its_own_turn_fails_with_FAILED_PRECONDITION()
    {
        await using var host = new PluginTestHost(new ScriptType());
        var target = await host.AddAsync(new Script { OnMessage = static (script, _) => script.Context.PostAsync(static _ => ValueTask.CompletedTask) });
        await using var stream = await target.ConnectAsync();

        var failure = await Assert.ThrowsAsync<PluginException>(() => stream.SendAsync("x").WaitAsync(Limit, Cancelled));

        Assert.Equal(PluginStatus.FailedPrecondition, failure.Status);
    }

    [Fact]
    public async Task Work_that_is_posted_without_a_wait_runs_after_the_turn()
    {
        var order = new List<string>();
        await using var host = new PluginTestHost(new ScriptType());
        var target = await host.AddAsync(new Script
        {
            OnMessage = async (script, message) =>
            {
                _ = script.Context.PostAsync(_ =>
                {
                    order.Add("posted");
                    return ValueTask.CompletedTask;
                });
                await Task.Yield();
                order.Add("message");
            },
        });
        await using var stream = await target.ConnectAsync();

        await stream.SendAsync("x").WaitAsync(Limit, Cancelled);
        await target.As<Script>().Context.PostAsync(static _ => ValueTask.CompletedTask, Cancelled).WaitAsync(Limit, Cancelled);

        Assert.Equal(["message", "posted"], order);
    }

    [Fact]
    public async Task A_connection_to_its_own_object_inside_its_turn_fails_with_FAILED_PRECONDITION()
    {
        await using var host = new PluginTestHost(new ScriptType());
        var target = await host.AddAsync(
            new Script { OnMessage = static async (_, message) => await ((IObjectReference)message.References[0]).ConnectAsync() });
        await using var stream = await target.ConnectAsync();

        var failure = await Assert.ThrowsAsync<PluginException>(() => stream.SendAsync("x", target).WaitAsync(Limit, Cancelled));

        Assert.Equal(PluginStatus.FailedPrecondition, failure.Status);
    }

    [Fact]
    public async Task Plugin_code_finds_and_lists_names_of_the_test_and_of_others()
    {
        await using var host = new PluginTestHost(new ScriptType());
        host.Fields["numbers"] = await host.Tables.EmptyAsync(3, Cancelled);
        host.Fields["other"] = new Script { OnMessage = static (_, _) => Task.CompletedTask };
        host.Fields["plain"] = new object();
        IServerObject? kept = null;
        var target = await host.AddAsync(new Script
        {
            OnMessage = async (script, _) =>
            {
                kept = await script.Context.Fields.FindAsync("numbers");
                Assert.Null(await script.Context.Fields.FindAsync("nope"));
                Assert.Equal("Script", Assert.IsType<IObjectReference>(await script.Context.Fields.FindAsync("other"), exactMatch: false).Type);
                Assert.Equal("", (await script.Context.Fields.FindAsync("plain"))!.Type);
                Assert.Equal(
                    [new NamedField("numbers", "Table"), new NamedField("other", "Script"), new NamedField("plain", "")],
                    await script.Context.Fields.ListAsync());
            },
        });
        await using var stream = await target.ConnectAsync();
        await stream.SendAsync("x");

        // A kept handle is valid after the handler has returned.
        Assert.Equal(3, ((ITable)kept!).Size);
        await kept.DisposeAsync();
        Assert.Throws<PluginException>(() => ((ITable)kept).Size);
    }

    private sealed class Unreadable : Exception
    {
        public override string Message => throw new InvalidOperationException();

        public override string ToString() => throw new InvalidOperationException();
    }

    private sealed class Script : IObjectLifetime
    {
        public required Func<Script, ReceivedMessage, Task> OnMessage { get; init; }

        public IObjectContext Context { get; private set; } = null!;

        public ValueTask OnLiveAsync(IObjectContext context, CancellationToken cancellationToken)
        {
            Context = context;
            return ValueTask.CompletedTask;
        }
    }

    private sealed class ScriptType() : BidirectionalObjectType<Script>("Script")
    {
        protected override ValueTask<IMessageHandler> ConnectAsync(Script instance, IMessageStream stream, CancellationToken cancellationToken)
        {
            stream.Send(Encoding.UTF8.GetBytes("hello"));
            return ValueTask.FromResult<IMessageHandler>(new Handler(instance));
        }

        private sealed class Handler(Script script) : IMessageHandler
        {
            public async ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken) => await script.OnMessage(script, message);
        }
    }
}
