using Wharf.Grains.References;
using Wharf.Grains.Telemetry;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Objects;

/// <summary>A timer whose ticks are turns of its object. While a tick waits for its turn or runs, no other tick is queued.</summary>
internal sealed class ObjectTimer : IAsyncDisposable
{
    private readonly LiveObject _live;
    private readonly Func<CancellationToken, ValueTask> _tick;
    private readonly Action<ObjectTimer> _remove;
    private readonly ITimer _timer;
    private int _queued;

    public ObjectTimer(LiveObject live, TimeProvider time, Func<CancellationToken, ValueTask> tick, Action<ObjectTimer> remove)
    {
        _live = live;
        _tick = tick;
        _remove = remove;
        _timer = time.CreateTimer(static timer => ((ObjectTimer)timer!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start(TimeSpan dueTime, TimeSpan period) => _timer.Change(dueTime, period);

    public void Stop() => _timer.Dispose();

    public ValueTask DisposeAsync()
    {
        Stop();
        _remove(this);
        return ValueTask.CompletedTask;
    }

    private void OnDue()
    {
        // Ticks do not inherit the Activity of the code that started the timer.
        GrainActivities.Continue(null);
        if (Interlocked.Exchange(ref _queued, 1) == 0)
            _live.Turns.Enqueue(new TickTurn(this));
    }

    private sealed class TickTurn(ObjectTimer timer) : PluginTurn
    {
        public override string Name => "tick";

        public override CancellationToken Cancelled => timer._live.Context.Stopping;

        public override async ValueTask InvokeAsync(CancellationToken cancellationToken)
        {
            var scope = TurnScope.Enter(timer._live, timer._live.Turns);
            try
            {
                await timer._tick(cancellationToken);
            }
            finally
            {
                scope.Leave();
            }
        }

        public override void Completed(PluginFault? fault)
        {
            Volatile.Write(ref timer._queued, 0);
            if (fault is not null && !timer._live.Context.Stopping.IsCancellationRequested)
                ObjectLog.LogTickFailed(timer._live.LimitedLogger, fault.Message);
        }
    }
}
