using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Hosting;
using Wharf.Grains.Fields;

namespace Wharf.Gateway.Services;

/// <summary>
/// The listed fields for all streams of this gateway: one waiting grain call, one copy, and one message for a batch of changes, however many streams there are. It ends some seconds
/// after the last stream.
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

    /// <summary>Begins a stream with all fields of this moment.</summary>
    public async Task<FieldSubscription> SubscribeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var copy = _copy;
            await ReadNowAsync().WaitAsync(cancellationToken);
            lock (_lock)
            {
                // The feed may have ended meanwhile.
                if (copy != _copy)
                    continue;
                // What the others have not been sent yet is in the first message of this one.
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

    /// <summary>Reads all changes up to now. Callers that come while it reads share the next read, which begins after this one.</summary>
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

    /// <summary>Reads until there is no more.</summary>
    private async Task ReadAsync(bool waits)
    {
        while (true)
        {
            var copy = _copy;
            var from = copy.Position;
            var updates = await GrainCalls.RetryOnceAsync(
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
        while (!HasEnded())
        {
            try
            {
                await ReadAsync(waits: true);
                // What changes soon after the last message is gathered until its time has passed.
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
                // All streams end.
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

    /// <summary>Whether no stream is left; the copy is dropped then.</summary>
    private bool HasEnded()
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to read the changes of the named fields; reading again every second")]
    private static partial void LogRetry(ILogger logger, Exception exception);
}
