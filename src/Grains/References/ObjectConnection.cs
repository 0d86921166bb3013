using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Wharf.Grains.Objects;
using Wharf.Grains.Streams;
using Wharf.Grains.Telemetry;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.References;

/// <summary>
/// A stream from one plugin object to another, over the protocol of gateways. A loop keeps one call in flight on the object's grain: a batch if there is
/// something to send, otherwise a pull.
/// </summary>
internal sealed class ObjectConnection : IObjectConnection
{
    private readonly Lock _gate = new();
    private readonly ReferenceMapper _mapper;
    private readonly ObjectHold _target;
    private readonly IPluginObjectGrain _grain;
    private readonly string _streamId;
    private readonly Queue<StreamPart> _outbox = new();
    private readonly Queue<(ReadOnlyMemory<byte> Payload, ObjectHold[] Holds)> _inbox = new();
    private readonly CancellationTokenSource _disposed = new();
    private TaskCompletionSource _outgoing = NewSignal();
    private TaskCompletionSource _incoming = NewSignal();
    private ArrayBuilder? _incomplete;
    private StreamEnd? _end;
    private Activity? _cause;
    private Task _loop = Task.CompletedTask;
    private long _sent;
    private long _messages;
    private long _acknowledged;
    private bool _isDisposed;

    public ObjectConnection(ReferenceMapper mapper, ObjectHold target)
    {
        _mapper = mapper;
        _target = target;
        _grain = mapper.Node.Grains.GetGrain<IPluginObjectGrain>(target.Reference.ObjectId);
        _streamId = $"{mapper.Owner.Reference.ObjectId}~{Guid.NewGuid():N}";
    }

    private Caller Caller => new(_target.Reference.TypeName, "", "object");

    /// <summary>Opens the stream.</summary>
    /// <exception cref="PluginException">The object rejected the stream or does not exist any more.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var reference = _target.Reference;
        if (TurnScope.Current is { } scope && scope.Owner.Reference.ObjectId == reference.ObjectId && scope.Owner.IsUnreachableFrom(scope))
            throw OwnTurnWait.Circle(reference.ObjectId);
        var caller = new CallerIdentity(_mapper.Owner.Reference.TypeName, "", "object");
        try
        {
            var connecting = _grain.ConnectAsync(new StreamConnect(_streamId, reference.TypeName, reference.Epoch, caller), cancellationToken);
            await AwaitCallAsync(connecting, cancellationToken).ConfigureAwait(false);
            await TakeAsync(await connecting.ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (FaultException refused)
        {
            throw ToPluginException(refused.Fault);
        }

        _mapper.Owner.Connections.Add(this);
        _loop = Task.Run(LoopAsync, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> payload, IReadOnlyList<object?> references, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(references);
        var exported = references.Count == 0 ? ExportedReferences.None : _mapper.Export(references);
        try
        {
            var holder = Holder.OfInput(_streamId, Interlocked.Increment(ref _messages) - 1);
            foreach (var reference in exported.References)
            {
                if (reference.IsLive)
                    await _mapper.Node.Holds.Grain(reference).HoldAsync(holder, reference.Epoch, GrainLimits.CallLease, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (FaultException lost)
        {
            throw ToPluginException(lost.Fault);
        }
        finally
        {
            exported.Release();
        }

        lock (_gate)
        {
            if (_end is not null || _isDisposed)
                throw new StreamClosedException();
            while (payload.Length > GrainLimits.PartSize)
            {
                _outbox.Enqueue(new StreamPart(payload[..GrainLimits.PartSize], [], IsLast: false));
                payload = payload[GrainLimits.PartSize..];
            }

            _outbox.Enqueue(new StreamPart(payload, exported.References, IsLast: true));
            _cause = GrainActivities.Current;
            _outgoing.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        var time = _mapper.Node.Time;
        var limit = _mapper.Node.ReplyTimeLimit;
        var began = time.GetTimestamp();
        using var waiting = _mapper.Owner.Waits.Begin(_target.Reference.ObjectId);
        while (true)
        {
            Task incoming;
            lock (_gate)
            {
                if (_inbox.TryDequeue(out var message))
                {
                    // The handles belong to the handler that receives the message: they expire when it returns.
                    return new ReceivedMessage(message.Payload, [.. message.Holds.Select(_mapper.CreateHandle)], Caller);
                }

                if (_end is { } end)
                    return end.Fault is { } fault ? throw ToPluginException(fault) : null;
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                incoming = _incoming.Task;
            }

            var left = limit - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                throw new PluginException(
                    PluginStatus.DeadlineExceeded,
                    string.Create(
                        CultureInfo.InvariantCulture, $"the object {_target.Reference.ObjectId} did not answer within {limit.TotalSeconds:0.###} seconds"));
            try
            {
                // If no reply arrives soon, check whether one can ever arrive.
                await incoming.WaitAsync(left < DeadlockFinder.CheckDelay ? left : DeadlockFinder.CheckDelay, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                await ThrowIfDeadlockAsync(waiting, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return ValueTask.CompletedTask;
            _isDisposed = true;
            _incoming.TrySetResult();
        }

        _mapper.Owner.Connections.Remove(this);
        // Not awaited: an object that does not answer must not block the caller.
        _ = LeaveAsync();
        return ValueTask.CompletedTask;
    }

    /// <summary>Waits for a call. Fails if the other object cannot answer it before the running handler returns.</summary>
    private async Task AwaitCallAsync(Task call, CancellationToken cancellationToken)
    {
        using var waiting = _mapper.Owner.Waits.Begin(_target.Reference.ObjectId);
        while (waiting.Blocks
            && await Task.WhenAny(call, Task.Delay(DeadlockFinder.CheckDelay, _mapper.Node.Time, cancellationToken)).ConfigureAwait(false) != call)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ThrowIfDeadlockAsync(waiting, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ThrowIfDeadlockAsync(WaitSet.Wait waiting, CancellationToken cancellationToken)
    {
        var own = _mapper.Owner.Reference.ObjectId;
        if (!waiting.Blocks || !await DeadlockFinder.IsDeadlockAsync(_mapper.Node.Grains, own, waiting.Target, cancellationToken).ConfigureAwait(false))
            return;
        throw own == waiting.Target
            ? OwnTurnWait.Circle(own)
            : new PluginException(PluginStatus.FailedPrecondition, $"the objects {own} and {waiting.Target} wait for each other");
    }

    private async Task LeaveAsync()
    {
        await _disposed.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            // Messages that were sent are handled first, as for any client that half-closes.
            await FlushAsync().ConfigureAwait(false);
        }
        catch (Exception lost)
        {
            // The object is lost or its node does not answer; the remote end expires by itself.
            _mapper.Node.LogConnectionLost(lost, _streamId);
        }
        finally
        {
            while (_inbox.TryDequeue(out var unread))
            {
                foreach (var hold in unread.Holds)
                    hold.Release();
            }

            _target.Release();
            _disposed.Dispose();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static PluginException ToPluginException(Fault fault) => new((PluginStatus)fault.Code, fault.Message);

    private async Task FlushAsync()
    {
        if (_end is not null)
            return;
        StreamBatch batch;
        lock (_gate)
            batch = NextBatch(halfClose: true);
        await _grain.SendAsync(batch, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task LoopAsync()
    {
        var handled = 0L;
        while (!_disposed.IsCancellationRequested)
        {
            try
            {
                var output = await CallAsync(handled).ConfigureAwait(false);
                handled = output.Handled;
                await TakeAsync(output).ConfigureAwait(false);
                if (output.End is not null)
                    return;
            }
            catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
            {
                return;
            }
            catch (FaultException failed)
            {
                Finish(new StreamEnd(StreamEndReason.Failed, failed.Fault));
                return;
            }
            catch (Exception lost)
            {
                _mapper.Node.LogConnectionLost(lost, _streamId);
                Finish(new StreamEnd(StreamEndReason.NodeLost, new Fault(FaultCode.Unavailable, "the object's node does not answer")));
                return;
            }
        }
    }

    private async Task<StreamOutput> CallAsync(long handled)
    {
        StreamBatch? batch = null;
        Task outgoing;
        lock (_gate)
        {
            if (_outbox.Count > 0 && handled >= _sent)
                batch = NextBatch(halfClose: false);
            outgoing = _outgoing.Task;
        }

        var epoch = _target.Reference.Epoch;
        if (batch is not null)
            return await _grain.SendAsync(batch, CancellationToken.None).ConfigureAwait(false);

        var pull = _grain.PullAsync(new StreamPull(_streamId, epoch, _acknowledged), CancellationToken.None);
        if (handled >= _sent)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token);
            await Task.WhenAny(pull, outgoing, Task.Delay(Timeout.Infinite, stop.Token)).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            _disposed.Token.ThrowIfCancellationRequested();
            if (!pull.IsCompleted)
            {
                lock (_gate)
                    batch = NextBatch(halfClose: false);

                // The batch ends the wait of the pull, which then returns no parts.
                var output = await _grain.SendAsync(batch, CancellationToken.None).ConfigureAwait(false);
                await ((Task)pull).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return output;
            }
        }

        return await pull.ConfigureAwait(false);
    }

    private StreamBatch NextBatch(bool halfClose)
    {
        var parts = ImmutableArray.CreateBuilder<StreamPart>();
        var bytes = 0;
        while (_outbox.TryPeek(out var part) && (parts.Count == 0 || halfClose || bytes + part.Bytes.Length <= GrainLimits.BatchSize))
        {
            bytes += part.Bytes.Length;
            parts.Add(_outbox.Dequeue());
        }

        if (_outbox.Count == 0)
            _outgoing = NewSignal();
        // The loop has the Activity of the code that opened the stream; a batch belongs to that of its sender.
        GrainActivities.Continue(_cause);
        var first = _sent;
        _sent += parts.Count;
        return new StreamBatch(_streamId, _target.Reference.Epoch, first, parts.DrainToImmutable(), halfClose, _acknowledged);
    }

    private async Task TakeAsync(StreamOutput output)
    {
        var number = output.First;
        foreach (var part in output.Parts)
        {
            if (number++ < _acknowledged)
                continue;
            _acknowledged = number;
            if (!part.IsLast)
            {
                (_incomplete ??= new ArrayBuilder()).Add(part.Bytes);
                continue;
            }

            var payload = part.Bytes;
            if (_incomplete is not null)
            {
                _incomplete.Add(part.Bytes);
                payload = _incomplete.ToMemory();
                _incomplete = null;
            }

            // Hold the objects before the part is acknowledged.
            var holds = new ObjectHold[part.References.Length];
            for (var n = 0; n < holds.Length; n++)
                holds[n] = await _mapper.Node.Holds.HoldAsync(part.References[n], CancellationToken.None).ConfigureAwait(false);
            lock (_gate)
            {
                _inbox.Enqueue((payload, holds));
                Signal();
            }
        }

        if (output.End is { } end)
            Finish(end);
    }

    private void Finish(StreamEnd end)
    {
        lock (_gate)
        {
            _end = end;
            Signal();
        }
    }

    private void Signal()
    {
        _incoming.TrySetResult();
        _incoming = NewSignal();
    }
}
