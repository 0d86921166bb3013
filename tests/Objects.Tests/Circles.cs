using Wharf.Grains;
using Wharf.Grains.Streams;
using Wharf.Plugins;

namespace Wharf.Objects.Tests;

/// <summary>Objects that wait for each other do not wait for ever.</summary>
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
        while (self.Waits.Now.Count == 0)
            await Task.Yield();
        free.SetResult();

        Assert.Null((await asking).End);
        await blocking.WaitAsync(Limits.Test);
        Assert.Empty(self.Waits.Now);
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
                // Each is in its turn before either connects.
                barrier.Signal();
                barrier.Wait(Limits.Test, CancellationToken.None);
                await using var connection = await ((IObjectReference)message.References[0]).ConnectAsync(token);
                stream.Send("connected"u8.ToArray());
            };
            outcomes.Add(cluster.AskAsync(silo, probe, other.Reference));
        }

        // The other one gets through when the first has failed, or fails as well.
        Assert.Contains(await Task.WhenAll(outcomes), static outcome => outcome.End?.Fault?.Code == FaultCode.FailedPrecondition);
    }
}
