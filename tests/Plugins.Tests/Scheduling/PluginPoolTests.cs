using Wharf.Plugins.Hosting;
using Wharf.Plugins.Tests.Invocation;

namespace Wharf.Plugins.Tests.Scheduling;

public sealed class PluginPoolTests
{
    [Fact]
    public async Task Work_runs_on_threads_of_the_pool_and_awaits_come_back_to_them()
    {
        await using PluginPool pool = TestPool.Create();
        (bool Before, bool AfterAwait, bool AfterLeaving) seen = await Start(pool, async () =>
        {
            bool before = OnPool();
            await Task.Run(() => { });
            bool afterAwait = OnPool();
            await Task.Run(() => { }).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return (before, afterAwait, OnPool());
        }).InTimeAsync();

        Assert.Equal((true, true, false), seen);
    }

    [Fact]
    public async Task Blocked_work_costs_its_own_thread_only()
    {
        await using PluginPool pool = TestPool.Create(minThreads: 2);
        using Blockade blockade = new();
        using CountdownEvent allBlocked = new(32);
        Task[] blocked = [.. Enumerable.Range(0, 32).Select(_ => Start(pool, () =>
        {
            allBlocked.Signal();
            blockade.Handle(default);
            return Task.FromResult(0);
        }))];

        await Task.Run(() => Assert.True(allBlocked.Wait(TestPool.Patience)));
        Assert.Equal(7, await Start(pool, () => Task.FromResult(7)).InTimeAsync());
        Assert.DoesNotContain(blocked, task => task.IsCompleted);

        blockade.Lift();
        await Task.WhenAll(blocked).InTimeAsync();
    }

    [Fact]
    public async Task There_are_never_more_threads_than_allowed_and_what_waits_runs_later()
    {
        await using PluginPool pool = TestPool.Create(maxThreads: 3, minThreads: 1);
        using Blockade blockade = new();
        Task[] work = [.. Enumerable.Range(0, 10).Select(_ => Start(pool, () =>
        {
            blockade.Handle(default);
            return Task.FromResult(0);
        }))];

        await TestPool.UntilAsync(() => pool.BusyCount == 3);
        Assert.Equal((3, 7), (pool.ThreadCount, pool.QueuedCount));

        blockade.Lift();
        await Task.WhenAll(work).InTimeAsync();
        Assert.Equal(0, pool.QueuedCount);
        Assert.True(pool.ThreadCount <= 3);
    }

    [Fact]
    public async Task A_burst_of_short_work_makes_no_more_threads_than_the_minimum()
    {
        await using PluginPool pool = TestPool.Create(minThreads: 2);
        await Task.WhenAll(Enumerable.Range(0, 5_000).Select(_ => Start(pool, () => Task.FromResult(0)))).InTimeAsync();

        // A thread that the machine does not schedule for 20 ms counts as blocked, so some more threads are allowed.
        Assert.InRange(pool.ThreadCount, 1, 6);
    }

    [Fact]
    public async Task Idle_threads_go_away_and_come_back_with_the_work()
    {
        await using PluginPool pool = TestPool.Create(idleTime: TimeSpan.FromMilliseconds(1));
        await Start(pool, () => Task.FromResult(0)).InTimeAsync();
        await TestPool.UntilAsync(() => pool.ThreadCount == 0);

        Assert.Equal(1, await Start(pool, () => Task.FromResult(1)).InTimeAsync());
    }

    [Fact]
    public async Task No_work_is_lost_when_threads_come_and_go_all_the_time()
    {
        await using PluginPool pool = TestPool.Create(maxThreads: 8, minThreads: 4, idleTime: TimeSpan.FromMicroseconds(50));
        for (int round = 0; round < 500; round++)
            await Task.WhenAll(Enumerable.Range(0, round % 9 + 1).Select(_ => Start(pool, () => Task.FromResult(0)))).InTimeAsync();
    }

    [Fact]
    public async Task Disposing_lets_running_work_finish_and_all_threads_go()
    {
        PluginPool pool = TestPool.Create();
        TaskCompletionSource release = new();
        Task<bool> work = Start(pool, async () =>
        {
            await release.Task;
            return OnPool();
        });
        await pool.DisposeAsync();
        release.SetResult();

        Assert.True(await work.InTimeAsync());
        await TestPool.UntilAsync(() => pool.ThreadCount == 0);
    }

    [Fact]
    public async Task A_context_that_a_plugin_leaves_on_the_thread_does_not_catch_the_next_one()
    {
        await using PluginPool pool = TestPool.Create(maxThreads: 1, minThreads: 1);
        await Start(pool, () =>
        {
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            return Task.FromResult(0);
        }).InTimeAsync();

        Assert.True(await Start(pool, () => Task.FromResult(SynchronizationContext.Current is null)).InTimeAsync());
    }

    [Fact]
    public async Task An_interrupt_of_an_idle_thread_ends_no_more_than_that_thread()
    {
        await using PluginPool pool = TestPool.Create(maxThreads: 1, minThreads: 1);
        Thread kept = await Start(pool, () => Task.FromResult(Thread.CurrentThread)).InTimeAsync();
        await TestPool.UntilAsync(() => (kept.ThreadState & ThreadState.WaitSleepJoin) != 0);

        kept.Interrupt();

        await TestPool.UntilAsync(() => !kept.IsAlive);
        Assert.Equal(1, await Start(pool, () => Task.FromResult(1)).InTimeAsync());
    }

    private static bool OnPool() => Thread.CurrentThread.Name?.StartsWith("wharf-plugin-", StringComparison.Ordinal) == true;

    private static Task<T> Start<T>(PluginPool pool, Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, pool.Scheduler).Unwrap();
}
