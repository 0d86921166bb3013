using Wharf.Grains;
using Wharf.Grains.Streams;
using Wharf.Plugins;

namespace Wharf.Grains.Tests.Objects;

/// <summary>Tests that circular waits of objects end.</summary>
public sealed class Circles(Conversations.Cluster cluster) : IClassFixture<Conversations.Cluster>
{
    [Fact]
    public async Task A_connection_from_a_turn_waits_for_an_object_that_is_busy()
    {
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var target = cluster.HoldOn(1, new Probe());
        var live = cluster.Node(1).Live.Find(target.Reference.ObjectId)!;
        var blocking = live.Context.PostAsync(async _ =>
        {
            busy.TrySetResult();
            await free.Task;
        });
        await busy.Task.WaitAsync(Limits.Test);
        var asker = new Probe
        {
            OnMessage = static async (stream, message, token) =>
            {
                await using var connection = await ((IObjectReference)message.References[0]).ConnectAsync(token);
                stream.Send((await connection.ReceiveAsync(token))!.Payload);
            },
        };
        var asking = cluster.AskAsync(0, asker, target.Reference);
        var self = cluster.Find(0, asker);
        while (self.Waits.Targets.Count == 0)
            await Task.Yield();
        free.SetResult();

        Assert.Null((await asking).End);
        await blocking.WaitAsync(Limits.Test);
        Assert.Empty(self.Waits.Targets);
    }

    [Fact]
    public async Task Two_objects_that_connect_to_each_other_end_in_FAILED_PRECONDITION()
    {
        var (one, two) = (new Probe(), new Probe());
        var (holdOne, holdTwo) = (cluster.HoldOn(0, one), cluster.HoldOn(1, two));
        var barrier = new CountdownEvent(2);
        var outcomes = new List<Task<StreamOutput>>();
        foreach (var (silo, probe, other) in new[] { (0, one, holdTwo), (1, two, holdOne) })
        {
            probe.OnMessage = async (stream, message, token) =>
            {
                // Both are in their turns before either connects.
                barrier.Signal();
                barrier.Wait(Limits.Test, CancellationToken.None);
                await using var connection = await ((IObjectReference)message.References[0]).ConnectAsync(token);
                stream.Send("connected"u8.ToArray());
            };
            outcomes.Add(cluster.AskAsync(silo, probe, other.Reference));
        }

        // The other call succeeds after the first has failed, or fails as well.
        Assert.Contains(await Task.WhenAll(outcomes), static outcome => outcome.End?.Fault?.Code == FaultCode.FailedPrecondition);
    }

    [Fact]
    public async Task Posts_of_two_objects_to_each_other_end_with_DEADLINE_EXCEEDED_after_the_reply_time_limit()
    {
        await using var node = new Node();
        var (one, two) = (node.Live(new Probe()), node.Live(new Probe()));
        var barrier = new CountdownEvent(2);
        var waiting = new CountdownEvent(2);
        var outcomes = new[] { (one, two), (two, one) }.Select(pair => pair.Item1.Context.PostAsync(async _ =>
        {
            // Both are in their turns before either posts.
            barrier.Signal();
            barrier.Wait(Limits.Test, CancellationToken.None);
            var posted = pair.Item2.Context.PostAsync(static _ => ValueTask.CompletedTask, CancellationToken.None);
            waiting.Signal();
            await posted;
        })).ToArray();
        Assert.True(waiting.Wait(Limits.Test, TestContext.Current.CancellationToken));

        node.Time.Advance(node.Objects.ReplyTimeLimit);

        // The other call succeeds after the first has failed, or fails as well.
        await Task.WhenAll(outcomes).WaitAsync(Limits.Test)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.All(outcomes, static outcome => Assert.True(outcome.IsCompleted));
        Assert.Contains(outcomes, static outcome => outcome.Exception?.InnerException is PluginException { Status: PluginStatus.DeadlineExceeded });
    }

    [Fact]
    public async Task Posted_work_of_another_object_may_take_longer_than_the_reply_time_limit_once_it_has_begun()
    {
        await using var node = new Node();
        var (one, two) = (node.Live(new Probe()), node.Live(new Probe()));
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var outcome = one.Context.PostAsync(async _ => await two.Context.PostAsync(Work, CancellationToken.None));
        await begun.Task.WaitAsync(Limits.Test);

        node.Time.Advance(2 * node.Objects.ReplyTimeLimit);
        finish.SetResult();

        await outcome.WaitAsync(Limits.Test);

        async ValueTask Work(CancellationToken cancellationToken)
        {
            begun.SetResult();
            await finish.Task;
        }
    }
}
