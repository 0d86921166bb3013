using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Testing;

/// <summary>The context of an object in a test.</summary>
internal sealed class TestObjectContext(TestObject target, IConfiguration configuration) : IObjectContext, IFieldPublisher
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Ticker> _tickers = [];

    public string ObjectId => target.Id;

    public string TypeName => target.Type;

    public ILogger Logger { get; } = target.Host.CreateLogger(target.Type);

    public IConfiguration Configuration => configuration;

    public IServiceProvider Services => target.Registered.Services;

    public TimeProvider TimeProvider => target.Host.Time;

    public ITableFactory Tables => target.Host.Tables;

    public IFieldPublisher Fields => this;

    public CancellationToken Stopping => _stopping.Token;

    public Task PostAsync(Func<CancellationToken, ValueTask> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        var own = target.Turns.Own;
        var posted = target.Turns.RunAsync(async () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            await work(Stopping).ConfigureAwait(false);
            return true;
        });
        return own is null ? posted : SelfWait.Guard(posted, () => own.HasReturned, ObjectId);
    }

    public IAsyncDisposable StartTimer(TimeSpan dueTime, TimeSpan period, Func<CancellationToken, ValueTask> tick)
    {
        ArgumentNullException.ThrowIfNull(tick);
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, target.Instance);
        var ticker = new Ticker(this, tick);
        lock (_tickers)
            _tickers.Add(ticker);
        ticker.Start(dueTime, period);
        return ticker;
    }

    public ValueTask SetAsync(string name, object value, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        target.Host.Fields[name] = value is ScopedHandle scoped ? scoped.Require() : value;
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default) => ValueTask.FromResult(target.Host.Fields.Remove(name));

    public async ValueTask<IServerObject?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!target.Host.Fields.TryGetValue(name, out var value))
            return null;
        return ScopedHandle.Of(value as IServerObject ?? (IServerObject?)await target.Host.FindOrAddAsync(value).ConfigureAwait(false) ?? new UntypedHandle());
    }

    public ValueTask<IReadOnlyList<NamedField>> ListAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<IReadOnlyList<NamedField>>(
    [
        .. target.Host.Fields.Select(field => new NamedField(field.Key, target.Host.TypeNameOf(field.Value)))
            .OrderBy(static field => field.Name, StringComparer.Ordinal),
    ]);

    public async Task StopAsync()
    {
        Ticker[] tickers;
        lock (_tickers)
            tickers = [.. _tickers];
        foreach (var ticker in tickers)
            await ticker.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>A timer that uses the clock of the test.</summary>
    private sealed class Ticker(TestObjectContext context, Func<CancellationToken, ValueTask> tick) : IAsyncDisposable
    {
        private ITimer? _timer;
        private int _runs;

        public void Start(TimeSpan dueTime, TimeSpan period) => _timer = context.TimeProvider.CreateTimer(static state => ((Ticker)state!).Tick(), this, dueTime, period);

        public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? ValueTask.CompletedTask;

        private void Tick()
        {
            // A tick that is due during another tick is skipped.
            if (Interlocked.Exchange(ref _runs, 1) == 0)
                context.OwnHost.Track(RunAsync());
        }

        private async Task RunAsync()
        {
            try
            {
                await context.PostAsync(tick).ConfigureAwait(false);
            }
            catch (Exception failed)
            {
                context.LogTickFailed(failed);
            }
            finally
            {
                Volatile.Write(ref _runs, 0);
            }
        }
    }

    private PluginTestHost OwnHost => target.Host;

    private void LogTickFailed(Exception failed) => TestLog.TickFailed(Logger, failed);
}

/// <summary>The log messages of the test host.</summary>
internal static partial class TestLog
{
    [LoggerMessage(4101, LogLevel.Warning, "A timer tick failed; the timer continues")]
    public static partial void TickFailed(ILogger logger, Exception exception);

    [LoggerMessage(4102, LogLevel.Warning, "The close handler of a failed stream also failed")]
    public static partial void CloseFailed(ILogger logger, Exception exception);
}
