using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Tests.Invocation;

/// <summary>A turn is a span under the one in whose course it was made, if that one is recorded; else there is none.</summary>
public sealed class PluginActivitiesTests : IAsyncDisposable
{
    private readonly PluginPool _pool = TestPool.Create();
    private readonly ActivitySource _callers = new("the callers of " + nameof(PluginActivitiesTests));
    private readonly List<Activity> _ended = [];

    public async ValueTask DisposeAsync()
    {
        _callers.Dispose();
        await _pool.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_listener_nothing_surrounds_a_turn_whatever_surrounds_its_maker()
    {
        using var caller = new Activity("a call").SetIdFormat(ActivityIdFormat.W3C);
        caller.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        caller.Start();
        Assert.Null(await SurroundingsOfATurnAsync());
    }

    [Fact]
    public async Task A_turn_of_a_call_that_is_recorded_is_a_span_under_it()
    {
        using var listener = Listen(ActivitySamplingResult.AllDataAndRecorded);
        using var caller = _callers.StartActivity("a call")!;
        var turn = (await SurroundingsOfATurnAsync())!;
        Assert.Equal(("Wharf.Plugins", "Type call", caller.SpanId, caller.TraceId), (turn.Source.Name, turn.DisplayName, turn.ParentSpanId, turn.TraceId));
        Assert.Equal("Type", turn.GetTagItem("wharf.object.type"));
        Assert.Contains(turn, _ended);
        Assert.Same(caller, Activity.Current);
    }

    [Fact]
    public async Task A_turn_of_a_call_that_is_not_recorded_is_none_and_neither_is_one_of_no_call()
    {
        using var listener = Listen(ActivitySamplingResult.PropagationData);
        using (var caller = _callers.StartActivity("a call"))
        {
            Assert.NotNull(caller);
            Assert.Null(await SurroundingsOfATurnAsync());
        }

        Activity.Current = null;
        Assert.Null(await SurroundingsOfATurnAsync());
    }

    [Fact]
    public async Task A_turn_that_fails_says_so_in_its_span_and_the_next_is_not_under_it()
    {
        using var listener = Listen(ActivitySamplingResult.AllDataAndRecorded);
        using var caller = _callers.StartActivity("a call")!;
        var queue = NewQueue();
        Activity? second = null;
        TestTurn failing = new(static _ => throw new PluginException(PluginStatus.NotFound, "no such thing"));
        TestTurn next = new(_ =>
        {
            second = Activity.Current;
            return ValueTask.CompletedTask;
        });
        queue.Enqueue(failing);
        queue.Enqueue(next);
        await next.Outcome.InTimeAsync();
        var failed = _ended.First(static activity => activity.Source.Name == "Wharf.Plugins");
        Assert.Equal((ActivityStatusCode.Error, "no such thing", 5), (failed.Status, failed.StatusDescription, failed.GetTagItem("rpc.grpc.status_code")));
        Assert.Equal(caller.SpanId, second!.ParentSpanId);
    }

    private async Task<Activity?> SurroundingsOfATurnAsync()
    {
        Activity? surroundings = null;
        TestTurn turn = new(_ =>
        {
            surroundings = Activity.Current;
            return ValueTask.CompletedTask;
        });
        NewQueue().Enqueue(turn);
        await turn.Outcome.InTimeAsync();
        return surroundings;
    }

    private TurnQueue NewQueue() => new(_pool, new TurnLimits(), TimeProvider.System, NullLogger.Instance) { TypeName = "Type" };

    private ActivityListener Listen(ActivitySamplingResult result)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = source => source == _callers || source.Name == "Wharf.Plugins",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => result,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
