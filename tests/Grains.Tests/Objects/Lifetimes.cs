using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Streams;
using Wharf.Grains.Tables;
using Wharf.Plugins;
using Wharf.Tables;

namespace Wharf.Grains.Tests.Objects;

public sealed class Lifetimes
{
    [Fact]
    public async Task An_object_is_disposed_once_when_its_last_holder_lets_go()
    {
        await using var node = new Node();
        var probe = new Probe();
        var (live, hold) = node.LiveAndHold(probe);
        live.Hold("export/s/1", live.Reference.Epoch, null);

        hold.Release();
        Assert.False(live.HasEnded);
        live.Release("export/s/1");
        live.Release("export/s/1");

        await probe.Disposed.Task.WaitAsync(Limits.Test);
        Assert.Equal(1, probe.Disposals);
        Assert.Null(node.Objects.Live.Find(live.Reference.ObjectId));
        Assert.Equal(FaultCode.DataLoss, Assert.Throws<FaultException>(() => live.Hold("late", live.Reference.Epoch, null)).Fault.Code);
    }

    [Fact]
    public async Task What_is_to_be_done_when_a_table_has_ended_is_done_once_even_if_it_comes_late()
    {
        await using var node = new Node();
        var made = new TableEngine(node.Time).Run(new EmptyTable(1), [], TestContext.Current.CancellationToken);
        var table = node.Tables.Find(node.Tables.Add(made, "call/a").ObjectId)!;
        var done = new List<string>();

        table.WhenEnded(() => done.Add("forgotten"));
        table.WhenEnded(() => done.Add("in time"));
        Assert.Empty(done);
        table.Release("call/a");
        table.WhenEnded(() => done.Add("late"));
        table.WhenEnded(() => done.Add("later"));

        Assert.Equal(["in time", "late", "later"], done);
    }

    [Fact]
    public void What_a_node_computes_before_any_client_does_can_be_computed()
    {
        var kept = FormulaWarmup.Compute(new TableEngine(TimeProvider.System), TestContext.Current.CancellationToken);
        Assert.Equal(2, kept.RowCount);
        Assert.Equal(["A", "B", "C", "D", "E"], kept.Schema.FieldsList.Select(field => field.Name));
    }

    [Fact]
    public async Task An_open_stream_holds_its_object_until_the_plugin_was_told_of_its_end()
    {
        await using var node = new Node();
        var probe = new Probe();
        var (live, hold) = node.LiveAndHold(probe);
        var stream = await new TestStream(live).ConnectAsync();

        hold.Release();
        Assert.False(live.HasEnded);
        live.Disconnect(stream.Id, StreamEndReason.ClientCancelled);

        await probe.Disposed.Task.WaitAsync(Limits.Test);
        Assert.Equal([CloseReason.ClientCancelled], probe.Closed);
    }

    [Fact]
    public async Task The_last_words_of_an_object_are_read_after_its_end_and_then_it_is_forgotten()
    {
        await using var node = new Node();
        var probe = new Probe
        {
            OnMessage = static (stream, message, _) =>
            {
                stream.Send(message.Payload);
                stream.Close();
                return ValueTask.CompletedTask;
            },
        };
        var (live, hold) = node.LiveAndHold(probe);
        var stream = await new TestStream(live).ConnectAsync();
        hold.Release();
        var call = stream.Start(false, "last");
        await probe.Disposed.Task.WaitAsync(Limits.Test);

        stream.Take(await call.WaitAsync(Limits.Test));
        while (stream.End is null)
            await stream.PullAsync();

        Assert.Equal(["", "last"], stream.Received);
        Assert.NotNull(node.Objects.Live.FindIncludingEnded(live.Reference.ObjectId));
        node.Time.Advance(TimeSpan.FromSeconds(31));
        await live.Disposed.WaitAsync(Limits.Test);
        node.Sweeper.Sweep();
        node.Sweeper.Sweep();
        Assert.True(live.Removed.IsCompleted);
        Assert.Null(node.Objects.Live.FindIncludingEnded(live.Reference.ObjectId));
    }

    [Fact]
    public async Task One_instance_is_one_object_however_often_it_is_sent()
    {
        await using var node = new Node();
        var probe = new Probe();

        Assert.Same(node.Live(probe), node.Live(probe));
        Assert.NotSame(node.Live(new Probe()), node.Live(probe));
    }

    [Fact]
    public async Task What_a_plugin_sends_is_held_until_it_is_acknowledged()
    {
        await using var node = new Node();
        var child = new Probe();
        var parent = new Probe { OnMessage = (stream, _, _) => Send(stream, child, child, null, new object()) };
        var stream = await new TestStream(node.Live(parent)).ConnectAsync();

        var output = await stream.SendAsync("x");
        var references = output.Parts[^1].References;

        Assert.Equal(["Probe", "Probe", "", ""], references.Select(static reference => reference.TypeName));
        Assert.Equal(references[0], references[1]);
        Assert.Equal(ObjectKind.Null, references[2].Kind);
        Assert.Equal(ObjectKind.PluginObject, references[3].Kind);
        Assert.Equal(0, child.Disposals);

        var pull = stream.StartPull();
        await child.Disposed.Task.WaitAsync(Limits.Test);
        Assert.False(pull.IsCompleted);
    }

    [Fact]
    public async Task A_handle_is_good_until_its_handler_returns_unless_it_is_kept()
    {
        await using var node = new Node();
        var (child, childHold) = node.LiveAndHold(new Probe());
        IServerObject? borrowed = null;
        IServerObject? kept = null;
        var parent = new Probe
        {
            OnMessage = async (stream, message, token) =>
            {
                borrowed = message.References[0];
                kept = await borrowed.KeepAsync(token);
                stream.Send(message.Payload, [borrowed]);
            },
        };
        var live = node.Live(parent);
        var stream = await new TestStream(live).ConnectAsync();
        child.Hold(Holder.OfInput(stream.Id, 0), child.Reference.Epoch, null);
        stream.Take(await stream.Start(false, [new StreamPart("x"u8.ToArray(), [child.Reference], true)]).WaitAsync(Limits.Test));
        childHold.Release();

        Assert.Equal("Probe", kept!.Type);
        Assert.Equal(kept, borrowed);
        await Assert.ThrowsAsync<PluginException>(() => borrowed!.KeepAsync().AsTask());
        Assert.Throws<PluginException>(() => parent.Streams[0].Send(default, [borrowed]));
        Assert.False(child.HasEnded);

        _ = stream.StartPull();
        Assert.False(child.HasEnded);
        await kept.DisposeAsync();
        await kept.DisposeAsync();
        Assert.True(child.HasEnded);
    }

    [Fact]
    public async Task What_an_object_keeps_is_let_go_of_with_the_object()
    {
        await using var node = new Node();
        var (child, childHold) = node.LiveAndHold(new Probe());
        var parent = new Probe { OnMessage = static async (_, message, token) => await message.References[0].KeepAsync(token) };
        var (live, hold) = node.LiveAndHold(parent);
        var stream = await new TestStream(live).ConnectAsync();
        child.Hold(Holder.OfInput(stream.Id, 0), child.Reference.Epoch, null);
        await stream.Start(false, [new StreamPart("x"u8.ToArray(), [child.Reference], true)]).WaitAsync(Limits.Test);
        childHold.Release();
        Assert.False(child.HasEnded);

        live.Disconnect(stream.Id, StreamEndReason.ClientClosed);
        hold.Release();

        await child.Disposed.WaitAsync(Limits.Test);
    }

    [Fact]
    public void A_lease_that_is_not_renewed_runs_out()
    {
        var time = new FakeTimeProvider();
        var holders = new HolderSet(time);
        holders.TryAdd("call/1", TimeSpan.FromMinutes(1));

        time.Advance(TimeSpan.FromSeconds(50));
        holders.TryAdd("call/1", TimeSpan.FromMinutes(1));
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.False(holders.RemoveExpired());
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.True(holders.RemoveExpired());
        Assert.False(holders.TryAdd("late"));
    }

    [Fact]
    public void Holders_end_exactly_when_the_last_lets_go() => Gen.Select(Gen.Bool, Gen.Int[0, 5]).List[1, 60].Sample(steps =>
    {
        var holders = new HolderSet(TimeProvider.System);
        var model = new HashSet<int>();
        var ended = false;
        holders.TryAdd("0");
        model.Add(0);
        foreach (var (add, name) in steps)
        {
            if (add)
            {
                Assert.Equal(!ended, holders.TryAdd(name.ToString()));
                if (!ended)
                    model.Add(name);
            }
            else
            {
                var ends = model.Remove(name) && model.Count == 0;
                Assert.Equal(ends, holders.Remove(name.ToString()));
                ended |= ends;
            }

            Assert.Equal(ended, holders.HasEnded);
        }
    });

    [Fact]
    public async Task Posted_work_runs_in_the_objects_turn_and_hands_back_its_failure()
    {
        await using var node = new Node();
        var live = node.Live(new Probe());
        var order = new List<int>();

        var first = live.Context.PostAsync(async _ =>
        {
            await Task.Yield();
            order.Add(1);
        });
        var second = live.Context.PostAsync(_ =>
        {
            order.Add(2);
            throw new InvalidTimeZoneException("mine");
        });

        await first.WaitAsync(Limits.Test);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => second.WaitAsync(Limits.Test));
        Assert.Equal([1, 2], order);
    }

    [Fact]
    public async Task A_timer_ticks_in_the_objects_turn_until_it_is_disposed()
    {
        await using var node = new Node();
        var live = node.Live(new Probe());
        var ticks = System.Threading.Channels.Channel.CreateUnbounded<int>();
        var count = 0;
        var timer = live.Context.StartTimer(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), _ =>
        {
            ticks.Writer.TryWrite(++count);
            return count == 1 ? throw new InvalidOperationException("the next tick comes all the same") : ValueTask.CompletedTask;
        });

        node.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await ticks.Reader.ReadAsync().AsTask().WaitAsync(Limits.Test));
        await live.Context.PostAsync(static _ => ValueTask.CompletedTask).WaitAsync(Limits.Test);
        node.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await ticks.Reader.ReadAsync().AsTask().WaitAsync(Limits.Test));
        await timer.DisposeAsync();
        node.Time.Advance(TimeSpan.FromSeconds(5));
        await live.Context.PostAsync(static _ => ValueTask.CompletedTask).WaitAsync(Limits.Test);

        Assert.Equal(2, count);
    }

    private static ValueTask Send(IMessageStream stream, params object?[] references)
    {
        stream.Send(default, references);
        return ValueTask.CompletedTask;
    }
}
