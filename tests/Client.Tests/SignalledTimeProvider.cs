using Microsoft.Extensions.Time.Testing;

namespace Wharf.Client.Tests;

/// <summary>A clock that stands still until told, and that can be waited for to be asked for a timer.</summary>
internal sealed class SignalledTimeProvider : FakeTimeProvider
{
    private readonly SemaphoreSlim _timers = new(0);

    public Task TimerAsync() => _timers.WaitAsync(TestContext.Current.CancellationToken);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Release();
        return timer;
    }
}
