using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Tests.Invocation;

public sealed class TurnQueueTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly PluginPool _pool = TestPool.Create();
    private readonly FakeTimeProvider _time = new();

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    [Fact]
    public async Task Turns_run_in_the_order_in_which_they_came()
    {
        TurnQueue queue = Queue();
        List<int> order = [];
        TestTurn[] turns = [.. Enumerable.Range(0, 500).Select(number => new TestTurn(async _ =>
        {
            if (number % 3 == 0)
                await Task.Yield();
            order.Add(number);
        }))];
        foreach (TestTurn turn in turns)
            queue.Enqueue(turn);

        Assert.All(await OutcomesAsync(turns), Assert.Null);
        Assert.Equal(Enumerable.Range(0, 500), order);
        await TestPool.UntilAsync(() => queue.Depth == 0);
    }

    [Fact]
    public async Task The_next_turn_begins_only_after_the_task_of_the_one_before_has_completed()
    {
        TurnQueue queue = Queue();
        TaskCompletionSource release = new();
        bool released = false;
        TestTurn first = new(async _ =>
        {
            await release.Task;
            released = true;
        });
        TestTurn second = new(_ => ValueTask.FromException(released ? new PluginException("after") : new PluginException("before")));
        queue.Enqueue(first);
        queue.Enqueue(second);
        await first.Begun.InTimeAsync();

        Assert.Equal(2, queue.Depth);
        Assert.False(second.Begun.IsCompleted);
        release.SetResult();
        Assert.Equal("after", (await second.Outcome.InTimeAsync())!.Message);
    }

    [Fact]
    public async Task Blocked_handlers_do_not_delay_other_queues()
    {
        using Blockade blockade = new();
        TestTurn[] blocked = [.. Enumerable.Range(0, 32).Select(_ => new TestTurn(blockade.Handle))];
        foreach (TestTurn turn in blocked)
            Queue().Enqueue(turn);
        await Task.WhenAll(blocked.Select(turn => turn.Begun)).InTimeAsync();

        TestTurn other = new();
        Queue().Enqueue(other);

        Assert.Null(await other.Outcome.InTimeAsync());
        Assert.DoesNotContain(blocked, turn => turn.Outcome.IsCompleted);
        blockade.Lift();
        await OutcomesAsync(blocked);
    }

    [Fact]
    public async Task A_burst_takes_one_hop_and_yet_lets_others_have_the_thread()
    {
        await using PluginPool single = TestPool.Create(maxThreads: 1, minThreads: 1);
        using Blockade blockade = new();
        TurnQueue busy = new(single, new TurnLimits { TurnsPerHop = 4 }, _time, NullLogger.Instance);
        TurnQueue other = new(single, new TurnLimits(), _time, NullLogger.Instance);
        List<string> order = [];
        busy.Enqueue(new TestTurn(blockade.Handle));
        for (int number = 0; number < 8; number++)
            busy.Enqueue(new TestTurn(_ => Note("busy")));
        TestTurn last = new(_ => Note("other"));
        other.Enqueue(last);
        blockade.Lift();
        await last.Outcome.InTimeAsync();

        await busy.CloseAsync().InTimeAsync();

        Assert.Equal(["busy", "busy", "busy", "other", "busy"], order.Take(5));

        ValueTask Note(string who)
        {
            order.Add(who);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task A_failure_is_the_fault_of_its_turn_and_the_next_one_runs()
    {
        TurnQueue queue = Queue();
        TestTurn atOnce = new(_ => throw new InvalidOperationException("no"));
        TestTurn later = new(async _ =>
        {
            await Task.Yield();
            throw new PluginException(PluginStatus.NotFound, "nothing here");
        });
        TestTurn fine = new();
        foreach (TestTurn turn in new[] { atOnce, later, fine })
            queue.Enqueue(turn);
        PluginFault?[] outcomes = await OutcomesAsync([atOnce, later, fine]);

        Assert.Equal(PluginFault.InvalidArgument, outcomes[0]!.Code);
        Assert.Equal($"no (error id {outcomes[0]!.ErrorId})", outcomes[0]!.Message);
        Assert.Equal(new PluginFault((int)PluginStatus.NotFound, "nothing here"), outcomes[1]);
        Assert.Null(outcomes[2]);
    }

    [Fact]
    public async Task A_handler_over_its_limit_is_given_up_on_at_once_but_not_overtaken()
    {
        TurnQueue queue = Queue(new TurnLimits { TimeLimit = Second });
        using Blockade blockade = new();
        TaskCompletionSource<CancellationToken> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TestTurn slow = new(token =>
        {
            seen.SetResult(token);
            return blockade.Handle(token);
        });
        TestTurn next = new();
        queue.Enqueue(slow);
        queue.Enqueue(next);
        CancellationToken given = await seen.Task.InTimeAsync();

        _time.Advance(Second - TimeSpan.FromTicks(1));
        Assert.False(slow.Outcome.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(PluginFault.DeadlineExceeded, (await slow.Outcome.InTimeAsync())!.Code);
        Assert.True(given.IsCancellationRequested);
        Assert.True(queue.IsStuck);
        Assert.False(next.Begun.IsCompleted);

        blockade.Lift();
        Assert.Null(await next.Outcome.InTimeAsync());
        Assert.False(queue.IsStuck);
        Assert.Equal(1, slow.Completions);
    }

    [Fact]
    public async Task A_turn_may_have_a_limit_of_its_own_or_none()
    {
        TurnQueue queue = Queue(new TurnLimits { TimeLimit = Second });
        TaskCompletionSource release = new();
        TestTurn patient = new(async _ => await release.Task) { Limit = Timeout.InfiniteTimeSpan };
        TestTurn hasty = new(async token => await Task.Delay(Timeout.Infinite, token)) { Limit = Second / 2 };
        queue.Enqueue(patient);
        await patient.Begun.InTimeAsync();
        _time.Advance(Second * 10);
        release.SetResult();
        Assert.Null(await patient.Outcome.InTimeAsync());

        queue.Enqueue(hasty);
        await hasty.Begun.InTimeAsync();
        _time.Advance(Second / 2);
        Assert.Equal(PluginFault.DeadlineExceeded, (await hasty.Outcome.InTimeAsync())!.Code);
        await TestPool.UntilAsync(() => !queue.IsStuck);
    }

    [Fact]
    public async Task Turns_behind_a_stuck_handler_wait_their_time_each()
    {
        TurnQueue queue = Queue(new TurnLimits { TimeLimit = Second, WaitBehindStuck = Second * 30 });
        using Blockade blockade = new();
        TestTurn slow = new(blockade.Handle);
        TestTurn early = new();
        TestTurn late = new();
        queue.Enqueue(slow);
        queue.Enqueue(early);
        await slow.Begun.InTimeAsync();
        _time.Advance(Second * 1);
        await slow.Outcome.InTimeAsync();
        _time.Advance(Second * 10);
        queue.Enqueue(late);

        _time.Advance(Second * 20);
        Assert.Equal(PluginFault.Unavailable, (await early.Outcome.InTimeAsync())!.Code);
        Assert.False(late.Outcome.IsCompleted);
        _time.Advance(Second * 10);
        Assert.Equal(PluginFault.Unavailable, (await late.Outcome.InTimeAsync())!.Code);

        TestTurn after = new();
        queue.Enqueue(after);
        blockade.Lift();
        Assert.Null(await after.Outcome.InTimeAsync());
        Assert.False(early.Begun.IsCompleted || late.Begun.IsCompleted);
    }

    [Fact]
    public async Task A_turn_that_must_run_waits_for_as_long_as_it_takes()
    {
        TurnQueue queue = Queue(new TurnLimits { TimeLimit = Second, WaitBehindStuck = Second });
        using Blockade blockade = new();
        TestTurn slow = new(blockade.Handle);
        TestTurn end = new() { MustRunAnyhow = true };
        TestTurn message = new();
        queue.Enqueue(slow);
        queue.Enqueue(end);
        queue.Enqueue(message);
        await slow.Begun.InTimeAsync();
        _time.Advance(Second);
        _time.Advance(Second);
        _time.Advance(Second * 1000);

        Assert.Equal(PluginFault.Unavailable, (await message.Outcome.InTimeAsync())!.Code);
        Assert.False(end.Outcome.IsCompleted);
        blockade.Lift();
        Assert.Null(await end.Outcome.InTimeAsync());
        Assert.True(end.Begun.IsCompleted);
    }

    [Fact]
    public async Task A_turn_whose_caller_has_gone_is_skipped_and_a_running_one_is_told()
    {
        TurnQueue queue = Queue();
        using CancellationTokenSource gone = new();
        TestTurn running = new(async token => await Task.Delay(Timeout.Infinite, token)) { GoneWhen = gone.Token };
        TestTurn waiting = new() { GoneWhen = gone.Token };
        TestTurn end = new();
        foreach (TestTurn turn in new[] { running, waiting, end })
            queue.Enqueue(turn);
        await running.Begun.InTimeAsync();
        await gone.CancelAsync();
        PluginFault?[] outcomes = await OutcomesAsync([running, waiting, end]);

        Assert.Equal([PluginFault.Cancelled, PluginFault.Cancelled, null], outcomes.Select(fault => fault?.Code));
        Assert.False(waiting.Begun.IsCompleted);
    }

    [Fact]
    public async Task A_running_turn_with_a_limit_is_told_that_its_caller_has_gone()
    {
        TurnQueue queue = Queue(new TurnLimits { TimeLimit = Second });
        using CancellationTokenSource gone = new();
        TestTurn running = new(async token => await Task.Delay(Timeout.Infinite, token)) { GoneWhen = gone.Token };
        queue.Enqueue(running);
        await running.Begun.InTimeAsync();
        await gone.CancelAsync();

        Assert.Equal(PluginFault.Cancelled, (await running.Outcome.InTimeAsync())!.Code);
    }

    [Fact]
    public async Task Closing_runs_what_is_queued_and_refuses_what_comes()
    {
        TurnQueue queue = Queue();
        using Blockade blockade = new();
        TestTurn running = new(blockade.Handle);
        TestTurn queued = new();
        queue.Enqueue(running);
        queue.Enqueue(queued);
        Task closed = queue.CloseAsync();
        TestTurn tooLate = new();
        queue.Enqueue(tooLate);

        Assert.Equal(PluginFault.Unavailable, (await tooLate.Outcome)!.Code);
        Assert.False(closed.IsCompleted);
        blockade.Lift();
        await closed.InTimeAsync();
        Assert.Null(await queued.Outcome.InTimeAsync());
        await queue.CloseAsync().InTimeAsync();
    }

    [Fact]
    public async Task What_surrounds_the_caller_does_not_reach_the_handler()
    {
        AsyncLocal<string> surroundings = new() { Value = "of the caller" };
        string? seen = "nothing yet";
        TestTurn turn = new(_ =>
        {
            seen = surroundings.Value;
            return ValueTask.CompletedTask;
        });
        Queue().Enqueue(turn);
        await turn.Outcome.InTimeAsync();

        Assert.Null(seen);
    }

    [Fact]
    public async Task A_host_that_throws_from_Completed_stops_nothing()
    {
        TurnQueue queue = Queue();
        TestTurn broken = new() { OnCompleted = () => throw new InvalidOperationException("host defect") };
        TestTurn next = new();
        queue.Enqueue(broken);
        queue.Enqueue(next);

        Assert.Null(await next.Outcome.InTimeAsync());
    }

    /// <summary>Turns of every kind from several threads, while time passes, callers go away and the queue is closed.</summary>
    [Fact]
    public Task Every_turn_completes_exactly_once_and_no_two_overlap() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Bool).List[1, 60].Array[1, 4].SampleAsync(async producers =>
        {
            FakeTimeProvider time = new();
            TurnQueue queue = new(_pool, new TurnLimits { TimeLimit = Second, WaitBehindStuck = Second * 2, TurnsPerHop = 3 }, time, NullLogger.Instance);
            int inside = 0;
            bool overlapped = false;
            Task<TestTurn[]>[] enqueued = [.. producers.Select(kinds => Task.Run(() => kinds.Select(kind =>
            {
                TestTurn turn = Make(kind.Item1, kind.Item3);
                queue.Enqueue(turn);
                if (kind.Item2 == 0)
                    time.Advance(Second);
                return turn;
            }).ToArray()))];
            TestTurn[] all = [.. (await Task.WhenAll(enqueued)).SelectMany(turns => turns)];
            Task closed = queue.CloseAsync();
            while (!closed.IsCompleted)
            {
                time.Advance(Second);
                await Task.Yield();
            }

            await OutcomesAsync(all);
            Assert.False(overlapped);
            Assert.All(all, turn => Assert.Equal(1, turn.Completions));
            Assert.Equal((0, false), (queue.Depth, queue.IsStuck));

            TestTurn Make(int kind, bool gone)
            {
                return new TestTurn(async token =>
                {
                    if (Interlocked.Increment(ref inside) != 1)
                        overlapped = true;
                    try
                    {
                        switch (kind)
                        {
                            case 0: await Task.Yield(); break;
                            case 1: throw new InvalidOperationException("fault");
                            case 2: await Task.Delay(Timeout.Infinite, token); break;
                            case 3: await Task.Yield(); throw new PluginException("late fault");
                        }
                    }
                    finally
                    {
                        Interlocked.Decrement(ref inside);
                    }
                })
                {
                    GoneWhen = gone && kind == 0 ? new CancellationToken(canceled: true) : default,
                };
            }
        }, iter: 60, threads: 1);

    private TurnQueue Queue(TurnLimits? limits = null) => new(_pool, limits ?? new TurnLimits(), _time, NullLogger.Instance);

    private static Task<PluginFault?[]> OutcomesAsync(IEnumerable<TestTurn> turns) => Task.WhenAll(turns.Select(turn => turn.Outcome)).InTimeAsync();
}
