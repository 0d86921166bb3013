using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wharf.Plugins.Hosting;
using Wharf.Plugins.Tests.Invocation;

namespace Wharf.Plugins.Tests.Scheduling;

/// <summary>Fast handlers run inline. A handler that blocks its thread moves its type to the dedicated threads.</summary>
public sealed class InlineExecutionTests : IAsyncDisposable
{
    private readonly CountingReplacement _replacement = new();
    private readonly PluginPool _pool;
    private readonly FakeTimeProvider _time = new();
    private readonly HandlerSpeed _speed;

    public InlineExecutionTests()
    {
        _pool = TestPool.Create(replacement: _replacement);
        _speed = new HandlerSpeed(_time);
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    [Fact]
    public async Task A_fast_handler_runs_on_the_thread_pool()
    {
        var isThreadPools = false;
        TestTurn turn = new(_ =>
        {
            isThreadPools = Thread.CurrentThread.IsThreadPoolThread;
            return ValueTask.CompletedTask;
        });
        Queue().Enqueue(turn);

        Assert.Null(await turn.Outcome.InTimeAsync());
        Assert.True(isThreadPools);
        Assert.Equal(0, _pool.ThreadCount);
    }

    [Fact]
    public async Task BeginHere_returns_after_fast_handlers_have_run()
    {
        var (thread, seen, scheduler) = (0, "", TaskScheduler.Default);
        AsyncLocal<string> context = new() { Value = "the caller's" };
        TestTurn turn = new(_ =>
        {
            (thread, seen, scheduler) = (Environment.CurrentManagedThreadId, context.Value ?? "none", TaskScheduler.Current);
            context.Value = "the plugin's";
            return ValueTask.CompletedTask;
        });
        var queue = Queue();

        Assert.True(queue.Add(turn));
        queue.BeginHere();
        Assert.True(turn.Outcome.IsCompletedSuccessfully);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
        Assert.Equal(("none", _pool.Scheduler), (seen, scheduler));
        Assert.Equal("the caller's", context.Value);
        Assert.Null(await turn.Outcome);
    }

    [Fact]
    public async Task BeginHere_uses_another_thread_after_the_type_was_slow()
    {
        _speed.ReportBlocked();
        var thread = 0;
        TestTurn turn = new(_ =>
        {
            thread = Environment.CurrentManagedThreadId;
            return ValueTask.CompletedTask;
        });
        var queue = Queue();
        Assert.True(queue.Add(turn));
        queue.BeginHere();

        Assert.Null(await turn.Outcome.InTimeAsync());
        Assert.NotEqual(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public async Task Add_returns_false_while_the_queue_is_running()
    {
        TestTurn second = new();
        TurnQueue? queue = null;
        var begins = true;
        TestTurn first = new(_ =>
        {
            begins = queue!.Add(second);
            return ValueTask.CompletedTask;
        });
        queue = Queue();
        Assert.True(queue.Add(first));
        queue.BeginHere();

        Assert.False(begins);
        Assert.Null(await second.Outcome.InTimeAsync());
    }

    [Fact]
    public async Task The_continuation_of_a_fast_handler_runs_on_a_dedicated_thread()
    {
        var isThreadPools = true;
        TestTurn turn = new(async _ =>
        {
            await Task.Yield();
            isThreadPools = Thread.CurrentThread.IsThreadPoolThread;
        });
        Queue().Enqueue(turn);

        Assert.Null(await turn.Outcome.InTimeAsync());
        Assert.False(isThreadPools);
    }

    [Fact]
    public async Task A_blocked_thread_is_replaced_and_the_next_handlers_of_the_type_run_on_dedicated_threads()
    {
        ThreadPool.GetMinThreads(out var minimum, out _);
        using Blockade blockade = new();
        TestTurn blocked = new(blockade.Handle);
        Queue().Enqueue(blocked);
        await TestPool.UntilAsync(() => _pool.BlockedBorrowedCount == 1);
        var isThreadPools = true;
        TestTurn next = new(_ =>
        {
            isThreadPools = Thread.CurrentThread.IsThreadPoolThread;
            return ValueTask.CompletedTask;
        });
        Queue().Enqueue(next);

        Assert.Null(await next.Outcome.InTimeAsync());
        Assert.False(isThreadPools);
        Assert.Equal(1, _replacement.Count);
        ThreadPool.GetMinThreads(out var unchanged, out _);
        Assert.Equal(minimum, unchanged);
        blockade.Lift();
        Assert.Null(await blocked.Outcome.InTimeAsync());
        await TestPool.UntilAsync(() => _pool.BlockedBorrowedCount == 0);
        Assert.Equal(0, _replacement.Count);
    }

    [Fact]
    public async Task A_thread_that_computes_for_long_is_replaced()
    {
        var done = false;
        TestTurn computing = new(_ =>
        {
            while (!Volatile.Read(ref done))
                Thread.SpinWait(100);
            return ValueTask.CompletedTask;
        });
        Queue().Enqueue(computing);

        await TestPool.UntilAsync(() => _pool.BlockedBorrowedCount == 1);
        Assert.False(_speed.IsFast);
        Volatile.Write(ref done, true);
        Assert.Null(await computing.Outcome.InTimeAsync());
    }

    [Fact]
    public async Task Many_blocked_handlers_leave_the_thread_pool_its_threads()
    {
        using Blockade blockade = new();
        TestTurn[] blocked = [.. Enumerable.Range(0, 32).Select(_ => new TestTurn(blockade.Handle))];
        foreach (TestTurn turn in blocked)
            Queue().Enqueue(turn);

        await Task.WhenAll(blocked.Select(turn => turn.Begun)).InTimeAsync();
        for (var round = 0; round < 100; round++)
            await Task.Run(static () => { }, TestContext.Current.CancellationToken).InTimeAsync();
        blockade.Lift();
        await Task.WhenAll(blocked.Select(turn => turn.Outcome)).InTimeAsync();
    }

    [Fact]
    public async Task Without_inline_turns_fast_handlers_run_on_dedicated_threads()
    {
        await using PluginPool pool = TestPool.Create(inlineTurns: false);
        foreach (var beginsHere in (bool[])[true, false])
        {
            var isThreadPools = true;
            var thread = 0;
            TestTurn turn = new(_ =>
            {
                (isThreadPools, thread) = (Thread.CurrentThread.IsThreadPoolThread, Environment.CurrentManagedThreadId);
                return ValueTask.CompletedTask;
            });
            TurnQueue queue = new(pool, new TurnLimits(), TimeProvider.System, NullLogger.Instance) { Speed = _speed };
            Assert.True(queue.Add(turn));
            if (beginsHere)
                queue.BeginHere();
            else
                queue.Begin();

            Assert.Null(await turn.Outcome.InTimeAsync());
            Assert.False(isThreadPools);
            Assert.NotEqual(Environment.CurrentManagedThreadId, thread);
        }
    }

    [Fact]
    public void The_penalty_of_a_slow_type_doubles_and_is_reset_after_a_long_time()
    {
        foreach (int seconds in (int[])[1, 2, 4, 8])
            AssertSlowFor(TimeSpan.FromSeconds(seconds));
        _time.Advance(TimeSpan.FromSeconds(81));
        AssertSlowFor(TimeSpan.FromSeconds(1));

        for (var time = 0; time < 12; time++)
        {
            _speed.ReportBlocked();
            _time.Advance(TimeSpan.FromMinutes(10));
            Assert.True(_speed.IsFast);
        }
    }

    private void AssertSlowFor(TimeSpan penalty)
    {
        Assert.True(_speed.IsFast);
        _speed.ReportBlocked();
        _speed.ReportBlocked();
        _time.Advance(penalty - TimeSpan.FromMilliseconds(1));
        Assert.False(_speed.IsFast);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_speed.IsFast);
    }

    private TurnQueue Queue() => new(_pool, new TurnLimits(), TimeProvider.System, NullLogger.Instance) { Speed = _speed };

    private sealed class CountingReplacement : IThreadReplacement
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Add() => Interlocked.Increment(ref _count);

        public void Remove() => Interlocked.Decrement(ref _count);
    }
}
