using Microsoft.Extensions.Time.Testing;
using Wharf.Grains.Streams;

namespace Wharf.Grains.Tests.Objects;

/// <summary>The waits of the calls of a stream.</summary>
public sealed class StreamWaits : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(2);

    private readonly FakeTimeProvider _time = new();
    private readonly Lock _gate = new();
    private readonly StreamWaiters _waiters;
    private readonly State _state = new();

    public StreamWaits() => _waiters = new StreamWaiters(_gate, _state, _time);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void A_call_with_a_result_returns_at_once()
    {
        _state.IsReady = true;
        Assert.True(Wait(isSend: false).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_call_without_a_result_returns_after_the_longest_wait()
    {
        var call = Wait(isSend: false);
        _time.Advance(Longest - TimeSpan.FromMilliseconds(1));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, (await call.WaitAsync(Cancelled)).Handled);
    }

    [Fact]
    public async Task A_change_completes_the_call_that_has_a_result()
    {
        var call = Wait(isSend: false);
        Change(null);
        Assert.False(call.IsCompleted);
        _state.IsReady = true;
        Change(null);
        Assert.Equal(1, (await call.WaitAsync(Cancelled)).Handled);
    }

    [Fact]
    public async Task A_later_call_ends_the_wait_of_an_earlier_one()
    {
        var earlier = Wait(isSend: false);
        lock (_gate)
            _waiters.EndPreviousWait();
        Assert.Equal(0, (await earlier.WaitAsync(Cancelled)).Handled);
    }

    [Fact]
    public async Task Output_shortens_the_wait_of_a_call_with_a_batch()
    {
        var call = Wait(isSend: true);
        Change(Delay);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        // Further output does not extend the delay.
        Change(Delay);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, (await call.WaitAsync(Cancelled)).Handled);
    }

    [Fact]
    public void Output_does_not_shorten_the_wait_of_a_pull()
    {
        var call = Wait(isSend: false);
        Change(Delay);
        _time.Advance(Delay * 2);
        Assert.False(call.IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_call_waits_no_longer()
    {
        using var cancel = new CancellationTokenSource();
        var call = Wait(isSend: false, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Cancelled));
        _state.IsReady = true;
        Change(null);
        _time.Advance(Longest);
    }

    [Fact]
    public async Task The_timer_of_an_earlier_call_serves_a_later_one()
    {
        var earlier = Wait(isSend: false);
        _time.Advance(Longest / 2);
        lock (_gate)
            _waiters.EndPreviousWait();
        await earlier.WaitAsync(Cancelled);
        var later = Wait(isSend: false);
        _time.Advance(Longest / 2);
        Assert.False(later.IsCompleted);
        _time.Advance(Longest / 2);
        Assert.Equal(1, (await later.WaitAsync(Cancelled)).Handled);
    }

    public void Dispose() => _waiters.Dispose();

    private Task<StreamOutput> Wait(bool isSend, CancellationToken cancellationToken = default)
    {
        var waiter = new StreamWaiter(isSend, window: 1);
        lock (_gate)
            _waiters.Add(waiter, Longest);
        return _waiters.ResultOf(waiter, cancellationToken);
    }

    private void Change(TimeSpan? delay)
    {
        lock (_gate)
            _waiters.OnChanged(delay);
    }

    private sealed class State : IStreamState
    {
        public bool IsReady { get; set; }

        public StreamOutput Collect(StreamWaiter waiter) => new(0, [], Handled: 1, IsConnected: true, End: null);

        public StreamOutput CollectNothing() => new(0, [], Handled: 0, IsConnected: true, End: null);

        bool IStreamState.IsReady(StreamWaiter waiter) => IsReady;
    }
}
