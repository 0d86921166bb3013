using Wharf.Grains;
using Wharf.Grains.Nodes;
using Wharf.Grains.Objects;
using Wharf.Grains.Streams;
using Wharf.Plugins;
using Wharf.Plugins.Tests.Invocation;

namespace Wharf.Grains.Tests.Objects;

/// <summary>Plugins that misbehave at each entry point: the client gets an error, and the object answers the next client.</summary>
public sealed class EntryPoints(Conversations.Cluster cluster) : IClassFixture<Conversations.Cluster>
{
    private static readonly string[] Entries = ["create", "live", "connect", "message", "tick", "post", "closed", "dispose"];

    private static readonly Dictionary<string, Func<Unruly, IMessageStream?, Task>> Behaviours = new()
    {
        ["waits for a post"] = static (unruly, _) => unruly.Context.PostAsync(_ => Posted(unruly)),
        ["waits later for a post"] = static async (unruly, _) =>
        {
            await Task.Yield();
            await unruly.Context.PostAsync(_ => Posted(unruly));
        },
        ["waits elsewhere for a post"] = static (unruly, _) => Task.Run(() => unruly.Context.PostAsync(_ => Posted(unruly))),
        ["blocks for a post"] = static (unruly, _) =>
        {
            unruly.Context.PostAsync(_ => Posted(unruly)).GetAwaiter().GetResult();
            return Task.CompletedTask;
        },
        ["waits for a post of a post"] = static (unruly, _) => unruly.Context.PostAsync(async _ => await unruly.Context.PostAsync(_ => Posted(unruly))),
    };

    public static TheoryData<string, string> Failures => new(
        from entry in Entries
        from kind in (string[])["message null", "message throws", "everything throws", "inside a static constructor", "deliberate, message throws", "half a surrogate pair", "enormous"]
        select (entry, kind));

    public static TheoryData<string, string> Waits => new(from entry in Entries from behaviour in Behaviours.Keys select (entry, behaviour));

    public static TheoryData<string> All => [.. Entries];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task An_object_answers_after_an_exception_whose_members_fail(string entry, string kind)
    {
        var unruly = new Unruly(entry, (_, _) => throw HostileExceptions.All[kind]());
        var fault = await RunAsync(unruly, entry, "Unruly");

        Assert.NotNull(await unruly.Outcome.WaitAsync(Limits.Test));
        if (entry is "create" or "live" or "connect" or "message")
        {
            Assert.Equal(
                entry == "create" || !kind.StartsWith("deliberate", StringComparison.Ordinal) ? FaultCode.InvalidArgument : FaultCode.NotFound, fault!.Code);
            if (kind is "message null" or "message throws")
                Assert.Contains(typeof(HostileExceptions.Hostile).FullName!, fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task A_wait_for_its_own_turn_fails_with_FAILED_PRECONDITION(string entry, string behaviour)
    {
        var unruly = new Unruly(entry, Behaviours[behaviour]);
        var fault = await RunAsync(unruly, entry, "Unruly");

        var thrown = Assert.IsType<PluginException>(await unruly.Outcome.WaitAsync(Limits.Test));
        Assert.Equal(PluginStatus.FailedPrecondition, thrown.Status);
        if (entry is "live" or "connect" or "message")
            Assert.Equal(FaultCode.FailedPrecondition, fault!.Code);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Work_that_is_posted_without_a_wait_runs_after_the_turn(string entry)
    {
        var unruly = new Unruly(entry, static (unruly, stream) =>
        {
            _ = unruly.Context.PostAsync(_ => Posted(unruly));
            return Task.CompletedTask;
        });
        Assert.Null(await RunAsync(unruly, entry, "Unruly"));

        Assert.Null(await unruly.Outcome.WaitAsync(Limits.Test));
        await unruly.Posted.WaitAsync(Limits.Test);
    }

    [Fact]
    public async Task A_loop_that_begins_in_a_turn_may_wait_for_later_turns()
    {
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var unruly = new Unruly("live", (unruly, stream) =>
        {
            _ = LoopAsync(unruly);
            return Task.CompletedTask;
        });
        Assert.Null(await RunAsync(unruly, "live", "Unruly"));

        Assert.Equal(3, await done.Task.WaitAsync(Limits.Test));

        async Task LoopAsync(Unruly unruly)
        {
            var turns = 0;
            try
            {
                while (turns < 3)
                    await unruly.Context.PostAsync(_ => new ValueTask(Task.FromResult(++turns)));
                done.TrySetResult(turns);
            }
            catch (PluginException refused)
            {
                done.TrySetException(refused);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_blocking_handler_fails_at_its_time_limit_and_its_object_answers_after_it_returns(string entry)
    {
        var unruly = new Unruly(entry, static (unruly, stream) =>
        {
            unruly.Barrier.Wait(CancellationToken.None);
            return Task.CompletedTask;
        });
        var fault = await RunAsync(unruly, entry, "Limited", release: unruly.Barrier.Set);

        Assert.Null(await unruly.Outcome.WaitAsync(Limits.Test));
        if (entry is "live" or "connect" or "message")
            Assert.Equal(FaultCode.DeadlineExceeded, fault!.Code);
        if (entry is "create")
            Assert.Contains("longer than", fault!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_object_answers_after_it_sent_on_streams_that_have_ended(string entry)
    {
        var unruly = new Unruly(entry, static (unruly, stream) =>
        {
            stream?.Close();
            stream?.Send("too late"u8.ToArray());
            foreach (var other in unruly.Streams)
                other.Send("to all"u8.ToArray());
            return Task.CompletedTask;
        });
        var fault = await RunAsync(unruly, entry, "Unruly");

        var thrown = await unruly.Outcome.WaitAsync(Limits.Test);
        if (entry is "connect" or "message" or "closed")
            Assert.IsType<StreamClosedException>(thrown);
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("live", "Unruly")]
    [InlineData("live", "Side")]
    [InlineData("connect", "Unruly")]
    [InlineData("message", "Unruly")]
    [InlineData("tick", "Unruly")]
    [InlineData("post", "Unruly")]
    [InlineData("closed", "Unruly")]
    public async Task A_connection_to_its_own_object_inside_its_turn_fails_with_FAILED_PRECONDITION(string entry, string type)
    {
        var unruly = new Unruly(entry, static async (unruly, _) =>
        {
            await unruly.Context.Fields.SetAsync(unruly.Key, unruly);
            await using var self = (IObjectReference)(await unruly.Context.Fields.FindAsync(unruly.Key))!;
            await using var connection = await self.ConnectAsync();
        });
        await RunAsync(unruly, entry, type);

        var thrown = Assert.IsType<PluginException>(await unruly.Outcome.WaitAsync(Limits.Test));
        Assert.Equal(PluginStatus.FailedPrecondition, thrown.Status);
        Assert.Contains("its own turn", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_whose_streams_run_side_by_side_may_connect_to_itself_and_wait_for_its_own_turn()
    {
        var unruly = new Unruly("message", static async (unruly, stream) =>
        {
            await unruly.Context.PostAsync(static async _ => await Task.Yield());
            await unruly.Context.Fields.SetAsync(unruly.Key, unruly);
            await using var self = (IObjectReference)(await unruly.Context.Fields.FindAsync(unruly.Key))!;
            await using var connection = await self.ConnectAsync();
            await connection.ReceiveAsync();
            await connection.SendAsync("ping"u8.ToArray(), []);
            stream!.Send((await connection.ReceiveAsync())!.Payload);
        });
        Assert.Null(await RunAsync(unruly, "message", "Side"));

        Assert.Null(await unruly.Outcome.WaitAsync(Limits.Test));
    }

    private static ValueTask Posted(Unruly unruly)
    {
        unruly.HasPosted();
        return ValueTask.CompletedTask;
    }

    /// <summary>Creates an object, triggers the misbehaviour, and calls the object again, or another one of its type if it has ended.</summary>
    /// <returns>The error of the client that triggered the misbehaviour.</returns>
    private async Task<Fault?> RunAsync(Unruly unruly, string entry, string type, Action? release = null)
    {
        Fault? fault = null;
        LiveObject? live = null;
        var holder = "test/" + unruly.Key;
        try
        {
            live = await MakeAsync(unruly, holder, type);
        }
        catch (FaultException refused)
        {
            fault = refused.Fault;
        }

        Assert.Equal(entry == "create" && (fault is not null || live is null), live is null);
        if (entry == "live" && release is not null)
        {
            await Assert.ThrowsAsync<PluginException>(() => live!.Ready.WaitAsync(Limits.Test));
            release();
        }

        switch (entry)
        {
            case "live" or "connect":
                fault = (await OpenAsync(live!, type)).End?.Fault;
                break;
            case "message":
                var stream = await OpenAsync(live!, type);
                await stream.SendAsync("go");
                fault = stream.End?.Fault;
                break;
            case "post":
                _ = live!.Context.PostAsync(async _ => await unruly.EnterAsync("post", null));
                break;
            case "closed":
                var closing = await OpenAsync(live!, type);
                live!.Disconnect(closing.Id, StreamEndReason.ClientCancelled);
                break;
            case "dispose":
                live!.Release(holder);
                break;
        }

        release?.Invoke();
        if (entry == "dispose")
            await live!.Disposed.WaitAsync(Limits.Test);
        if (entry == "live" && fault is not null)
            Assert.Equal(fault.Code, (await OpenAsync(live!, type)).End?.Fault?.Code);
        else
            await PingAsync(live is { HasEnded: false } ? live : await MakeAsync(new Unruly(), holder + "/next", type), type);
        return fault;
    }

    /// <summary>Opens a stream, and waits for the outcome of the connect call.</summary>
    private static async Task<TestStream> OpenAsync(LiveObject live, string type)
    {
        var stream = await new TestStream(live, Guid.NewGuid().ToString("N"), type).ConnectAsync();
        while (stream.End is null && !stream.Last!.IsConnected)
            await stream.PullAsync();
        return stream;
    }

    private static async Task PingAsync(LiveObject live, string type)
    {
        var stream = await OpenAsync(live, type);
        await stream.SendAsync("ping");
        Assert.Null(stream.End);
        Assert.Equal("pong", stream.Received[^1]);
    }

    private async Task<LiveObject> MakeAsync(Unruly unruly, string holder, string type)
    {
        var node = cluster.Node(0);
        var reference = await node.Grains.GetGrain<IObjectFactoryGrain>($"{NodeGrains.NameOf(cluster.Silo(0))}|{type}")
            .CreateAsync(holder, new Dictionary<string, string?> { ["Key"] = unruly.Prepare().Key }).WaitAsync(Limits.Test);
        return node.Live.Find(reference.ObjectId)!;
    }
}
