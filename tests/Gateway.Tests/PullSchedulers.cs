using Microsoft.Extensions.Time.Testing;
using Wharf.Gateway.Streams;

namespace Wharf.Gateway.Tests;

/// <summary>When a stream pulls output: at once, or after a delay in which a batch may come first.</summary>
public sealed class PullSchedulers : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(4);

    private readonly FakeTimeProvider _time = new();
    private readonly PumpSignal _signal = new();
    private readonly PullDelay _delay;
    private readonly PullScheduler _pulls;

    public PullSchedulers()
    {
        _delay = new PullDelay(_time);
        _pulls = new PullScheduler(_delay, _signal);
    }

    public void Dispose() => _delay.Dispose();

    [Fact]
    public void A_stream_without_a_batch_pulls_at_once() => Assert.False(_pulls.TryDelay(besideBatch: false, canSend: true));

    [Fact]
    public void A_pull_after_a_batch_is_delayed_once()
    {
        _pulls.OnBatchSent();
        _pulls.OnBatchCompleted();
        var wait = _signal.WaitAsync().AsTask();

        Assert.True(_pulls.TryDelay(besideBatch: false, canSend: true));
        Assert.False(wait.IsCompleted);
        _time.Advance(Tick);

        Assert.True(wait.IsCompleted);
        Assert.False(_pulls.TryDelay(besideBatch: false, canSend: true));
        Assert.False(_pulls.TryDelay(besideBatch: false, canSend: true));
    }

    [Fact]
    public void A_pull_after_the_last_batch_is_not_delayed()
    {
        _pulls.OnBatchSent();
        _pulls.OnBatchCompleted();
        Assert.False(_pulls.TryDelay(besideBatch: false, canSend: false));
    }

    [Fact]
    public void A_pull_beside_a_batch_is_delayed_again_for_each_further_batch()
    {
        _pulls.OnBatchSent();
        var wait = _signal.WaitAsync().AsTask();
        Assert.True(_pulls.TryDelay(besideBatch: true, canSend: false));
        _pulls.OnBatchSent();
        _time.Advance(Tick);
        Assert.False(wait.IsCompleted);

        _time.Advance(Tick);

        Assert.True(wait.IsCompleted);
        Assert.False(_pulls.TryDelay(besideBatch: true, canSend: false));
    }

    [Fact]
    public void A_batch_that_is_sent_when_the_pull_is_due_delays_it_again()
    {
        _pulls.OnBatchSent();
        Assert.True(_pulls.TryDelay(besideBatch: true, canSend: false));
        _time.Advance(Tick);

        _pulls.OnBatchSent();

        Assert.True(_pulls.TryDelay(besideBatch: true, canSend: false));
    }
}
