using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Tests.Invocation;

/// <summary>Quick handlers run where their messages come in; what holds a thread up is noticed and goes elsewhere.</summary>
public sealed class TurnPaceTests : IAsyncDisposable
{
    private readonly PluginPool _pool = TestPool.Create();
    private readonly FakeTimeProvider _time = new();
    private readonly TurnPace _pace;

    public TurnPaceTests() => _pace = new TurnPace(_time);

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    [Fact]
    public async Task A_quick_handler_needs_no_thread_of_its_own()
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
    public async Task A_queue_that_is_begun_here_has_run_quick_handlers_when_that_returns()
    {
        var (thread, seen, scheduler) = (0, "", TaskScheduler.Default);
        AsyncLocal<string> surroundings = new() { Value = "the caller's" };
        TestTurn turn = new(_ =>
        {
            (thread, seen, scheduler) = (Environment.CurrentManagedThreadId, surroundings.Value ?? "nothing", TaskScheduler.Current);
            surroundings.Value = "the plugin's";
            return ValueTask.CompletedTask;
        });
        var queue = Queue();

        Assert.True(queue.Add(turn));
        queue.BeginHere();
        Assert.True(turn.Outcome.IsCompletedSuccessfully);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
        Assert.Equal(("nothing", _pool.Scheduler), (seen, scheduler));
        Assert.Equal("the caller's", surroundings.Value);
        Assert.Null(await turn.Outcome);
    }

    [Fact]
    public async Task A_queue_that_is_begun_here_goes_elsewhere_when_its_type_has_been_slow()
    {
        _pace.HeldUp();
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
    public async Task One_who_adds_while_the_queue_is_begun_need_not_begin_it()
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
    public async Task What_a_quick_handler_awaited_goes_on_on_the_plugins_own_threads()
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
    public async Task A_handler_that_blocks_is_replaced_and_the_next_of_its_type_run_elsewhere()
    {
        ThreadPool.GetMinThreads(out var before, out _);
        using Blockade blockade = new();
        TestTurn blocked = new(blockade.Handle);
        Queue().Enqueue(blocked);
        await TestPool.UntilAsync(() => _pool.HeldUpGuestCount == 1);
        ThreadPool.GetMinThreads(out var meanwhile, out _);
        var isThreadPools = true;
        TestTurn next = new(_ =>
        {
            isThreadPools = Thread.CurrentThread.IsThreadPoolThread;
            return ValueTask.CompletedTask;
        });
        Queue().Enqueue(next);

        Assert.Null(await next.Outcome.InTimeAsync());
        Assert.False(isThreadPools);
        Assert.True(meanwhile > before, $"the thread pool's least number of threads is {meanwhile}, was {before}");
        blockade.Lift();
        Assert.Null(await blocked.Outcome.InTimeAsync());
        await TestPool.UntilAsync(() => _pool.HeldUpGuestCount == 0);
    }

    [Fact]
    public async Task A_handler_that_computes_is_replaced_too()
    {
        var done = false;
        TestTurn computing = new(_ =>
        {
            while (!Volatile.Read(ref done))
                Thread.SpinWait(100);
            return ValueTask.CompletedTask;
        });
        Queue().Enqueue(computing);

        await TestPool.UntilAsync(() => _pool.HeldUpGuestCount == 1);
        Assert.False(_pace.IsBrisk);
        Volatile.Write(ref done, true);
        Assert.Null(await computing.Outcome.InTimeAsync());
    }

    [Fact]
    public async Task Many_that_block_at_once_leave_the_server_its_threads()
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
    public void Trust_comes_back_after_a_while_and_later_each_time_unless_it_has_been_deserved()
    {
        foreach (int seconds in (int[])[1, 2, 4, 8])
            AssertLost(TimeSpan.FromSeconds(seconds));
        _time.Advance(TimeSpan.FromSeconds(81));
        AssertLost(TimeSpan.FromSeconds(1));

        for (var time = 0; time < 12; time++)
        {
            _pace.HeldUp();
            _time.Advance(TimeSpan.FromMinutes(10));
            Assert.True(_pace.IsBrisk);
        }
    }

    private void AssertLost(TimeSpan probation)
    {
        Assert.True(_pace.IsBrisk);
        _pace.HeldUp();
        _pace.HeldUp();
        _time.Advance(probation - TimeSpan.FromMilliseconds(1));
        Assert.False(_pace.IsBrisk);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_pace.IsBrisk);
    }

    private TurnQueue Queue() => new(_pool, new TurnLimits(), TimeProvider.System, NullLogger.Instance) { Pace = _pace };
}
