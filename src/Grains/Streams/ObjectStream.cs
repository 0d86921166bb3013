using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Wharf.Grains.Objects;
using Wharf.Grains.References;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;
using Wharf.Tables;

namespace Wharf.Grains.Streams;

/// <summary>
/// A stream to a live object. Messages of the client become turns of the object; output of the object waits in a bounded log until the gateway has acknowledged
/// it. The gateway's calls come from the grain, and output of the plugin from any thread. The lock is never held while plugin code runs.
/// </summary>
internal sealed partial class ObjectStream : IMessageStream
{
    // The part of the maximum message size that is reserved for the envelope of a message.
    private const int Envelope = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly LiveObject _owner;
    private readonly TurnQueue _turns;
    private readonly StreamLimits _limits;
    private readonly TimeProvider _time;
    private readonly OutputLog _log;
    private readonly QueueCharge _charge;
    private readonly CancellationTokenSource _closed = new();
    private readonly StreamInput<MessageTurn> _input = new();
    private readonly StreamWaiters _waiters;
    private IMessageHandler? _handler;
    private volatile StreamEnd? _end;
    private long _reportedHandled;
    private long _lastContact;
    private bool _connected;
    private bool _reportedConnected;
    private volatile bool _inHandler;
    private bool _closeHandled;

    public ObjectStream(LiveObject owner, StreamConnect connect, TurnQueue turns, StreamLimits limits, MemoryAccountant memory, TimeProvider time, ILogger logger)
    {
        _owner = owner;
        _turns = turns;
        _limits = limits;
        _time = time;
        _log = new OutputLog(limits);
        _waiters = new StreamWaiters(_gate, this, time);
        _charge = new QueueCharge(memory, connect.Caller.SessionId);
        _lastContact = time.GetTimestamp();
        StreamId = connect.StreamId;
        Caller = new Caller(connect.Caller.Identity, connect.Caller.SessionId, connect.Caller.Scheme)
        {
            Roles = connect.Caller.Roles.IsEmpty ? Array.Empty<string>() : connect.Caller.Roles,
        };
        Logger = new ScopedLogger(
            logger,
            [new("ObjectId", owner.Reference.ObjectId), new("SessionId", connect.Caller.SessionId), new("StreamId", connect.StreamId)]);
        Closed = _closed.Token;
    }

    /// <inheritdoc/>
    public string StreamId { get; }

    /// <inheritdoc/>
    public Caller Caller { get; }

    /// <inheritdoc/>
    public ILogger Logger { get; }

    /// <inheritdoc/>
    public CancellationToken Closed { get; }

    /// <summary>The queue of the stream's turns.</summary>
    public TurnQueue Turns => _turns;

    /// <summary>Whether the stream has ended.</summary>
    public bool HasEnded => _end is not null;

    /// <summary>Starts the stream. The connect call of the plugin is its first turn.</summary>
    public Task<StreamOutput> ConnectAsync(CancellationToken cancellationToken)
    {
        _turns.Enqueue(new ConnectTurn(this));
        return WaitAsync(acknowledged: 0, window: GrainLimits.BatchSize, isSend: true, cancellationToken);
    }

    /// <summary>Receives a batch; see <see cref="IPluginObjectGrain.SendAsync"/>.</summary>
    public Task<StreamOutput> SendAsync(StreamBatch batch, CancellationToken cancellationToken)
    {
        if (Receive(batch))
            _turns.Begin();
        return WaitAsync(batch.Acknowledged, GrainLimits.BatchSize, isSend: true, cancellationToken);
    }

    /// <summary>Receives a batch. Handlers may run on the calling thread; see <see cref="IStreamGrain.SendAsync"/>.</summary>
    public Task<StreamOutput> SendInlineAsync(StreamBatch batch, CancellationToken cancellationToken)
    {
        if (Receive(batch))
            _turns.BeginHere();
        return WaitAsync(batch.Acknowledged, GrainLimits.BatchSize, isSend: true, cancellationToken);
    }

    /// <summary>Queues the messages of a batch.</summary>
    /// <returns>Whether the caller must start the queue of turns.</returns>
    private bool Receive(StreamBatch batch)
    {
        bool isTooMuch;
        lock (_gate)
        {
            if (batch.FirstSequence > _input.Received)
                throw new FaultException(FaultCode.Internal, $"parts {_input.Received} to {batch.FirstSequence - 1} of the stream {StreamId} are missing");

            // Before a handler can run, so that this call returns its replies.
            _waiters.EndPreviousWait();
            var number = batch.FirstSequence;
            foreach (var part in batch.Parts)
            {
                if (number++ >= _input.Received)
                    Receive(part);
            }

            if (batch.HalfClose)
                _input.HalfClose();
            _input.CountPartsAsHandled();
            isTooMuch = _end is null && !ChargeQueues(added: 0);
        }

        if (isTooMuch)
            End(StreamEndReason.Failed, new Fault(FaultCode.ResourceExhausted, _charge.Refusal));
        return Dispatch();
    }

    /// <summary>Waits for output; see <see cref="IPluginObjectGrain.PullAsync"/>.</summary>
    public Task<StreamOutput> PullAsync(StreamPull pull, CancellationToken cancellationToken) =>
        WaitAsync(pull.Acknowledged, pull.Window, isSend: false, cancellationToken);

    /// <inheritdoc/>
    public void Send(ReadOnlyMemory<byte> payload, IReadOnlyList<object?> references)
    {
        ArgumentNullException.ThrowIfNull(references);
        int most = _limits.MaxMessageBytes - Math.Min(Envelope, _limits.MaxMessageBytes / 2);
        if (payload.Length > most)
            throw new ArgumentException($"The message has {payload.Length} bytes; a message to a client has at most {most}, which is {StreamLimits.Section}:{nameof(StreamLimits.MaxMessageBytes)} without its envelope", nameof(payload));
        if (HasEnded)
            throw new StreamClosedException();

        var sent = references.Count == 0 ? ExportedReferences.None : _owner.References.Export(references);
        var slow = false;
        string? refusal = null;
        lock (_gate)
        {
            if (_end is null)
            {
                // Replies of a handler delay the stream's next batch instead; only unsolicited output fails when the log is full.
                slow = _inHandler ? _log.OverflowsHard(payload.Length) : _log.Overflows(payload.Length);
                if (!slow && !ChargeQueues(payload.Length))
                    (slow, refusal) = (true, _charge.Refusal);
                if (!slow)
                {
                    _log.Append(payload, sent.References, sent.Holds);
                    _waiters.OnChanged(_limits.OutputDelay);
                    return;
                }
            }
        }

        sent.Release();
        if (slow)
            End(StreamEndReason.SlowConsumer, new Fault(FaultCode.ResourceExhausted, refusal ?? "the client did not read what was sent to it"));
        throw new StreamClosedException();
    }

    /// <inheritdoc/>
    public void Close() => End(StreamEndReason.PluginClosed, null);

    /// <summary>Ends the stream; later ends have no effect. The plugin is notified in a turn, after the running handler.</summary>
    public void End(StreamEndReason reason, Fault? fault)
    {
        lock (_gate)
        {
            if (_end is not null)
                return;
            _end = new StreamEnd(reason, fault);
            if (reason is StreamEndReason.SlowConsumer)
                _log.Clear();
            _input.Discard(static turn => turn.ReleaseReferences());
            ChargeQueues(added: 0);
            _waiters.OnChanged();
        }

        // Not on this thread: plugin code may have registered callbacks.
        _ = _closed.CancelAsync();
        _turns.Enqueue(new CloseTurn(this, (CloseReason)reason));
    }

    /// <summary>Ends the stream on behalf of the caller, which reads no more output.</summary>
    public void Disconnect(StreamEndReason reason)
    {
        End(reason, null);
        lock (_gate)
        {
            _log.Clear();
            _charge.Close();
        }
    }

    /// <summary>Ends a stream whose gateway has not called for too long, and checks whether an ended stream can be removed.</summary>
    /// <returns>Whether the stream can be removed.</returns>
    public bool Sweep()
    {
        bool silent;
        bool ended;
        lock (_gate)
        {
            silent = _time.GetElapsedTime(_lastContact) > _limits.GatewayTimeout;
            ended = _end is not null;
            if (silent && ended && _closeHandled)
            {
                _log.Clear();
                _charge.Close();
                _waiters.Dispose();
                return true;
            }
        }

        if (silent && !ended)
            End(StreamEndReason.NodeLost, new Fault(FaultCode.Unavailable, "the gateway of the stream is lost"));
        return false;
    }

    /// <summary>Charges the session for the queued bytes of both directions. The caller holds the lock.</summary>
    /// <returns>False if a budget does not permit it.</returns>
    private bool ChargeQueues(int added) => _charge.TrySet(_input.Bytes + _log.Bytes + added);

    private void Receive(StreamPart part)
    {
        if (_input.Receive(part, isCounted: _end is null) is not { } message)
            return;
        IReadOnlyList<ServerObject> references =
            part.References.IsDefaultOrEmpty ? [] : _owner.References.Import(part.References, Holder.OfInput(StreamId, message.Index));
        var turn = new MessageTurn(this, message.Payload, references, _input.Received);
        if (_end is null)
            _input.Add(turn);
        else
            turn.ReleaseReferences();
    }

    /// <summary>Queues pending messages as turns, unless replies to earlier messages fill the output log.</summary>
    /// <returns>Whether the caller must start the queue of turns.</returns>
    private bool Dispatch()
    {
        var begin = false;
        // Dequeue and enqueue under the lock: a call of the gateway and the end of a turn may both be here, and the order must be kept.
        lock (_gate)
        {
            while (_end is null && !_log.IsFull)
            {
                if (_input.TryTake(out var message))
                    begin |= _turns.Add(message);
                else if (_input.TryTakeHalfClose())
                    begin |= _turns.Add(new HalfCloseTurn(this));
                else
                    break;
            }
        }

        return begin;
    }
}
