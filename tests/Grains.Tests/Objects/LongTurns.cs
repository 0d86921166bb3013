using Microsoft.Extensions.Logging;
using Wharf.Grains.Objects;

namespace Wharf.Grains.Tests.Objects;

/// <summary>A handler that does not return stops its object: the log reports it, also where no time limit does.</summary>
public sealed class LongTurns
{
    [Fact]
    public async Task A_turn_that_others_wait_for_is_one_warning()
    {
        await using var node = new Node();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var live = node.Live(new Probe());
        var first = live.Context.PostAsync(
            async _ =>
            {
                entered.TrySetResult();
                await gate.Task;
            });
        await entered.Task.WaitAsync(Limits.Test);

        // No other turn waits for it yet.
        node.Time.Advance(LiveObject.LongTurn);
        node.Sweeper.Sweep();
        Assert.Empty(node.Log.At(LogLevel.Warning));

        var second = live.Context.PostAsync(static _ => ValueTask.CompletedTask);
        node.Sweeper.Sweep();
        node.Time.Advance(LiveObject.LongTurn);
        node.Sweeper.Sweep();
        Assert.Equal(
            "The post call of an object of type Probe has not returned for 30 seconds, and 1 calls wait for it; they run when it returns. "
                + "The setting Wharf:Plugins:TimeLimits limits the time of calls",
            Assert.Single(node.Log.At(LogLevel.Warning)));

        gate.SetResult();
        await Task.WhenAll(first, second).WaitAsync(Limits.Test);
        node.Sweeper.Sweep();
        Assert.Single(node.Log.At(LogLevel.Warning));
    }

    [Fact]
    public async Task A_turn_that_is_within_the_time_is_no_warning()
    {
        await using var node = new Node();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var live = node.Live(new Probe());
        var first = live.Context.PostAsync(
            async _ =>
            {
                entered.TrySetResult();
                await gate.Task;
            });
        await entered.Task.WaitAsync(Limits.Test);
        var second = live.Context.PostAsync(static _ => ValueTask.CompletedTask);

        node.Time.Advance(LiveObject.LongTurn - TimeSpan.FromTicks(1));
        node.Sweeper.Sweep();

        Assert.Empty(node.Log.At(LogLevel.Warning));
        gate.SetResult();
        await Task.WhenAll(first, second).WaitAsync(Limits.Test);
    }
}
