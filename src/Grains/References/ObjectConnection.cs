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
    private readonly StreamClient _client;
    private readonly PartQueue _outbox = new();
    private readonly MessageAssembler _assembler = new();
    private readonly Queue<(ReadOnlyMemory<byte> Payload, ObjectHold[] Holds)> _inbox = new();
    private readonly CancellationTokenSource _disposed = new();
    private TaskCompletionSource _outgoing = NewSignal();
    private TaskCompletionSource _incoming = NewSignal();
    private StreamEnd? _end;
    private Activity? _cause;
    private Task _loop = Task.CompletedTask;
    private long _messages;
    private bool _isDisposed;

    public ObjectConnection(ReferenceMapper mapper, ObjectHold target)
    {
        _mapper = mapper;
        _target = target;
        _client = new StreamClient(
            mapper.Services.Grains.GetGrain<IPluginObjectGrain>(target.Reference.ObjectId),
            $"{mapper.Owner.Reference.ObjectId}~{Guid.NewGuid():N}",
            target.Reference.Epoch,
            Faults.IsTransient);
    }

    private Caller Caller => new(_target.Reference.TypeName, "", "object");

    /// <summary>Opens the stream.</summary>
    /// <exception cref="PluginException">The object rejected the stream or does not exist any more.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var reference = _target.Reference;
        if (TurnScope.Current is { } scope && scope.Owner.Reference.ObjectId == reference.ObjectId && scope.Owner.IsUnreachableFrom(scope))
            throw SelfWait.CreateFailure(reference.ObjectId);
        var caller = new CallerIdentity(_mapper.Owner.Reference.TypeName, "", "object");
        try
        {
            var connecting = _client.ConnectAsync(reference.TypeName, caller, cancellationToken);
            await AwaitCallAsync(connecting, cancellationToken).ConfigureAwait(false);
            await AcceptAsync(await connecting.ConfigureAwait(false)).ConfigureAwait(false);
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
            var holder = Holder.OfInput(_client.Id, Interlocked.Increment(ref _messages) - 1);
            foreach (var reference in exported.References)
            {
                if (reference.IsLive)
                    await _mapper.Services.Holds.Grain(reference).HoldAsync(holder, reference.Epoch, GrainLimits.CallLease, cancellationToken).ConfigureAwait(false);
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
            _outbox.Enqueue(payload, exported.References);
            _cause = GrainActivities.Current;
            _outgoing.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        var time = _mapper.Services.Time;
        var limit = _mapper.Services.ReplyTimeLimit;
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
        _ = CloseAsync();
        return ValueTask.CompletedTask;
    }

    /// <summary>Waits for a call. Fails if the other object cannot answer it before the running handler returns.</summary>
    private async Task AwaitCallAsync(Task call, CancellationToken cancellationToken)
    {
        using var waiting = _mapper.Owner.Waits.Begin(_target.Reference.ObjectId);
        while (waiting.Blocks
            && await Task.WhenAny(call, Task.Delay(DeadlockFinder.CheckDelay, _mapper.Services.Time, cancellationToken)).ConfigureAwait(false) != call)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ThrowIfDeadlockAsync(waiting, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ThrowIfDeadlockAsync(WaitSet.Wait waiting, CancellationToken cancellationToken)
    {
        var own = _mapper.Owner.Reference.ObjectId;
        if (!waiting.Blocks || !await DeadlockFinder.IsDeadlockAsync(_mapper.Services.Grains, own, waiting.Target, cancellationToken).ConfigureAwait(false))
            return;
        throw own == waiting.Target
            ? SelfWait.CreateFailure(own)
            : new PluginException(PluginStatus.FailedPrecondition, $"the objects {own} and {waiting.Target} wait for each other");
    }

    private async Task CloseAsync()
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
            _mapper.Services.LogConnectionLost(lost, _client.Id);
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
        while (_end is null && !_client.IsHalfClosed)
        {
            var parts = DequeueBatch();
            GrainActivities.Continue(_cause);
            await _client.SendAsync(parts, halfClose: _outbox.IsEmpty, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task LoopAsync()
    {
        while (!_disposed.IsCancellationRequested)
        {
            try
            {
                await AcceptAsync(await CallAsync().ConfigureAwait(false)).ConfigureAwait(false);
                if (_client.End is not null)
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
                _mapper.Services.LogConnectionLost(lost, _client.Id);
                Finish(new StreamEnd(StreamEndReason.NodeLost, new Fault(FaultCode.Unavailable, "the object's node does not answer")));
                return;
            }
        }
    }

    private async Task<StreamOutput> CallAsync()
    {
        bool hasMessages;
        Task outgoing;
        lock (_gate)
        {
            hasMessages = !_outbox.IsEmpty;
            outgoing = _outgoing.Task;
        }

        var canSend = _client.CanSend;
        if (canSend && hasMessages)
            return await SendBatchAsync().ConfigureAwait(false);

        var pull = _client.PullAsync(GrainLimits.BatchSize, CancellationToken.None);
        if (_client.IsConnected && !canSend)
            return await pull.ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token);
        var stopped = Task.Delay(Timeout.Infinite, stop.Token);
        await Task.WhenAny(pull, canSend ? outgoing : stopped, stopped).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        _disposed.Token.ThrowIfCancellationRequested();
        if (pull.IsCompleted)
            return await pull.ConfigureAwait(false);

        // The batch ends the wait of the pull, which then returns no parts.
        var output = await SendBatchAsync().ConfigureAwait(false);
        await ((Task)pull).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return output;
    }

    private async Task<StreamOutput> SendBatchAsync()
    {
        var parts = DequeueBatch();
        // The loop has the Activity of the code that opened the stream; a batch belongs to that of its sender.
        GrainActivities.Continue(_cause);
        return await _client.SendAsync(parts, halfClose: false, CancellationToken.None).ConfigureAwait(false);
    }

    private ImmutableArray<StreamPart> DequeueBatch()
    {
        lock (_gate)
        {
            var parts = _outbox.DequeueBatch();
            if (_outbox.IsEmpty)
                _outgoing = NewSignal();
            return parts;
        }
    }

    private async Task AcceptAsync(StreamOutput output)
    {
        var parts = _client.Accept(output);
        for (var index = 0; index < parts.Length; index++)
        {
            var part = parts.Span[index];
            if (_assembler.Add(part) is not { } payload)
                continue;

            // Hold the objects before the part is acknowledged.
            var holds = new ObjectHold[part.References.Length];
            for (var n = 0; n < holds.Length; n++)
                holds[n] = await _mapper.Services.Holds.HoldAsync(part.References[n], CancellationToken.None).ConfigureAwait(false);
            lock (_gate)
            {
                _inbox.Enqueue((payload, holds));
                Signal();
            }
        }

        if (_client.End is { } end)
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
