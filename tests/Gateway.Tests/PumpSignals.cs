using Microsoft.Extensions.Time.Testing;
using Wharf.Gateway.Streams;

namespace Wharf.Gateway.Tests;

/// <summary>What wakes a stream's pump, and what keeps it from asking too early.</summary>
public sealed class PumpSignals
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signal_that_came_before_is_not_waited_for()
    {
        var signal = new PumpSignal();
        signal.Set();
        signal.Set();
        Assert.True(signal.WaitAsync().IsCompletedSuccessfully);
        var next = signal.WaitAsync().AsTask();
        Assert.False(next.IsCompleted);
        signal.Set();
        await next.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task The_waiter_goes_on_where_it_was_set_or_elsewhere_when_asked()
    {
        var signal = new PumpSignal();
        var here = Environment.CurrentManagedThreadId;
        var first = WaitAsync();
        signal.Set();
        Assert.True(first.IsCompleted);
        Assert.Equal(here, await first);

        var second = WaitAsync();
        signal.SetOnThreadPool();
        await second.WaitAsync(Patience, Token);

        async Task<int> WaitAsync()
        {
            await signal.WaitAsync();
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task No_signal_of_many_threads_is_lost()
    {
        const int Setters = 4;
        const int Each = 50_000;
        var signal = new PumpSignal();
        var set = 0;
        var setting = Enumerable.Range(0, Setters).Select(_ => Task.Run(
            () =>
            {
                for (var number = 0; number < Each; number++)
                {
                    Interlocked.Increment(ref set);
                    signal.Set();
                }
            },
            Token)).ToArray();
        var waiting = Task.Run(
            async () =>
            {
                while (Volatile.Read(ref set) < Setters * Each)
                    await signal.WaitAsync();
            },
            Token);

        await Task.WhenAll([.. setting, waiting]).WaitAsync(Patience, Token);
    }

    [Fact]
    public void A_stream_is_asked_after_a_millisecond_and_then_every_fourth_until_it_has_waited_enough()
    {
        var time = new FakeTimeProvider();
        using var delay = new PullDelay(time);
        var stream = new DelayedPull { MaxTicks = 3 };
        delay.Add(stream);
        Assert.Equal(0, stream.Ticks);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, stream.Ticks);
        for (var moment = 2; moment <= 3; moment++)
        {
            time.Advance(TimeSpan.FromMilliseconds(3));
            Assert.Equal(moment - 1, stream.Ticks);
            time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(moment, stream.Ticks);
        }

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, stream.Ticks);
        delay.Add(stream);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(4, stream.Ticks);
    }

    [Fact]
    public void A_stream_that_comes_while_others_wait_on_is_asked_after_a_millisecond()
    {
        var time = new FakeTimeProvider();
        using var delay = new PullDelay(time);
        var busy = new DelayedPull { MaxTicks = int.MaxValue };
        delay.Add(busy);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, busy.Ticks);

        var newcomer = new DelayedPull { MaxTicks = 1 };
        delay.Add(newcomer);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, newcomer.Ticks);

        time.Advance(TimeSpan.FromMilliseconds(4));
        time.Advance(TimeSpan.FromMilliseconds(4));
        Assert.Equal((4, 1), (busy.Ticks, newcomer.Ticks));
    }

    [Fact]
    public void A_stream_that_comes_while_the_clock_rings_is_asked_after_a_millisecond()
    {
        var time = new FakeTimeProvider();
        using var delay = new PullDelay(time);
        var newcomer = new DelayedPull { MaxTicks = 1 };
        delay.Add(new DelayedPull { MaxTicks = 2, OnFirstTick = () => delay.Add(newcomer) });
        time.Advance(TimeSpan.FromMilliseconds(1));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, newcomer.Ticks);
    }

    private sealed class DelayedPull : PullDelay.IDelayedPull
    {
        public int MaxTicks { get; init; }

        public int Ticks { get; private set; }

        public Action? OnFirstTick { get; init; }

        public bool TryExtend()
        {
            if (Ticks == 0)
                OnFirstTick?.Invoke();
            return ++Ticks < MaxTicks;
        }
    }
}
