using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Wharf.Gateway.Drain;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Hosting;
using Wharf.Grains.Fields;

namespace Wharf.Gateway.Fields;

/// <summary>
/// Distributes the listed fields to all streams of this gateway. All streams share one long poll of the directory, one copy of the fields, and one message for each batch of changes. The poll
/// ends some seconds after the last stream.
/// </summary>
internal sealed partial class FieldFeed(IGrainFactory grains, GatewayDrain drain, IOptions<GatewayOptions> options, TimeProvider time, ILogger<FieldFeed> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly CancellationToken _stopped = drain.StreamsEnd;
    private readonly Lock _lock = new();
    private readonly HashSet<FieldSubscription> _subscriptions = [];
    private FieldCopy _copy = new();
    private Task _reading = Task.CompletedTask;
    private Task? _nextReading;
    private long? _sent;
    private bool _isRunning;
    private bool _isFailing;

    private IFieldDirectoryGrain Directory => grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);

    /// <summary>Subscribes a stream, which begins with all current fields.</summary>
    public async Task<FieldSubscription> SubscribeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var copy = _copy;
            await ReadNowAsync().WaitAsync(cancellationToken);
            lock (_lock)
            {
                // The feed ended during the read and has another copy.
                if (copy != _copy)
                    continue;
                // The first message of this stream contains the unsent changes, so the other streams receive them now.
                Publish();
                var subscription = new FieldSubscription(_copy.All, Leave);
                _subscriptions.Add(subscription);
                if (!_isRunning)
                {
                    _isRunning = true;
                    _ = RunAsync();
                }

                return subscription;
            }
        }
    }

    /// <summary>Reads all changes up to now. Callers that arrive during a read share the next one.</summary>
    private Task ReadNowAsync()
    {
        lock (_lock)
            return _nextReading ??= ReadAfterAsync(_reading);
    }

    private async Task ReadAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
        {
            _reading = _nextReading!;
            _nextReading = null;
        }

        await ReadAsync(waits: false);
    }

    /// <summary>Reads until the copy is complete.</summary>
    private async Task ReadAsync(bool waits)
    {
        while (true)
        {
            var copy = _copy;
            var from = copy.Position;
            var updates = await GrainCallRetry.RetryOnceAsync(
                (Directory, from, waits), static (state, token) => state.Directory.FollowAsync(state.from, state.waits, token), _stopped);
            lock (_lock)
            {
                if (copy == _copy && copy.TryApply(from, updates) && !updates.HasMore)
                    return;
            }

            waits = false;
        }
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        while (!TryEnd())
        {
            try
            {
                await ReadAsync(waits: true);
                // Changes soon after the last message are combined until the batching interval has passed.
                if (HasUnsent && _sent is { } sent && options.Value.FieldBatching - time.GetElapsedTime(sent) is { Ticks: > 0 } rest)
                {
                    await Task.Delay(rest, time, _stopped);
                    await ReadAsync(waits: false);
                }

                lock (_lock)
                    Publish();
                _isFailing = false;
            }
            catch (Exception) when (_stopped.IsCancellationRequested)
            {
                // The drain ends all streams.
            }
            catch (Exception failed)
            {
                if (!_isFailing)
                    LogRetry(logger, failed);
                _isFailing = true;
                await Task.Delay(RetryDelay, time, _stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private bool HasUnsent
    {
        get
        {
            lock (_lock)
                return _copy.Unsent.Count > 0;
        }
    }

    /// <summary>Ends the feed and drops its copy if there are no streams.</summary>
    private bool TryEnd()
    {
        lock (_lock)
        {
            if (_subscriptions.Count > 0 && !_stopped.IsCancellationRequested)
                return false;
            _isRunning = false;
            _copy = new FieldCopy();
            return true;
        }
    }

    private void Publish()
    {
        if (_copy.Unsent.Count == 0)
            return;
        var changes = _copy.Unsent.Take();
        if (_subscriptions.Count == 0)
            return;
        _sent = time.GetTimestamp();
        foreach (var subscription in _subscriptions)
            subscription.Add(changes);
    }

    private void Leave(FieldSubscription subscription)
    {
        lock (_lock)
            _subscriptions.Remove(subscription);
    }

    [LoggerMessage(EventId = 3507, Level = LogLevel.Warning, Message = "Failed to read the changes of the named fields; retrying every second")]
    private static partial void LogRetry(ILogger logger, Exception exception);
}
