using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Wharf.Grains.Objects;
using Wharf.Grains.References;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;
using Wharf.Tables;

namespace Wharf.Grains.Streams;

/// <summary>
/// One stream on a live object: what the client sent becomes turns of the object, what the object sends waits in a bounded log until the gateway has it. Calls of the
/// gateway come from the grain, sends of the plugin from any thread; the lock is held for bookkeeping only, never while plugin code runs.
/// </summary>
internal sealed partial class ObjectStream : IMessageStream
{
    // What the envelope of a message may take of the longest message.
    private const int Envelope = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly LiveObject _owner;
    private readonly TurnQueue _turns;
    private readonly StreamLimits _limits;
    private readonly TimeProvider _time;
    private readonly OutputLog _log;
    private readonly QueueCharge _charge;
    private readonly CancellationTokenSource _closed = new();
    private readonly Queue<MessageTurn> _pending = new();
    private ArrayBuilder? _partial;
    private IMessageHandler? _handler;
    private StreamWaiter? _waiter;
    private ITimer? _timer;
    private long _timerDue;
    private volatile StreamEnd? _end;
    private long _received;
    private long _inboundBytes;
    private long _handled;
    private int _unhandled;
    private long _messages;
    private long _reportedHandled;
    private long _lastContact;
    private bool _connected;
    private bool _reportedConnected;
    private bool _halfClosed;
    private bool _halfCloseQueued;
    private volatile bool _inHandler;
    private bool _closeHandled;

    public ObjectStream(LiveObject owner, StreamConnect connect, TurnQueue turns, StreamLimits limits, MemoryAccountant memory, TimeProvider time, ILogger logger)
    {
        _owner = owner;
        _turns = turns;
        _limits = limits;
        _time = time;
        _log = new OutputLog(limits);
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

    /// <summary>The queue that its turns go to.</summary>
    public TurnQueue Turns => _turns;

    /// <summary>Whether the stream has ended.</summary>
    public bool HasEnded => _end is not null;

    /// <summary>Begins: the plugin's connect is the stream's first turn.</summary>
    public Task<StreamOutput> ConnectAsync(CancellationToken cancellationToken)
    {
        _turns.Enqueue(new ConnectTurn(this));
        return WaitAsync(acknowledged: 0, window: GrainLimits.BatchSize, isSend: true, cancellationToken);
    }

    /// <summary>Takes a batch; see <see cref="IPluginObjectGrain.SendAsync"/>.</summary>
    public Task<StreamOutput> SendAsync(StreamBatch batch, CancellationToken cancellationToken)
    {
        if (Take(batch))
            _turns.Begin();
        return WaitAsync(batch.Acknowledged, GrainLimits.BatchSize, isSend: true, cancellationToken);
    }

    /// <summary>The same, on a thread that a handler may keep: see <see cref="IStreamGrain.SendAsync"/>.</summary>
    public Task<StreamOutput> SendHereAsync(StreamBatch batch, CancellationToken cancellationToken)
    {
        if (Take(batch))
            _turns.BeginHere();
        return WaitAsync(batch.Acknowledged, GrainLimits.BatchSize, isSend: true, cancellationToken);
    }

    /// <summary>Takes a batch in.</summary>
    /// <returns>Whether the queue of turns is to be begun.</returns>
    private bool Take(StreamBatch batch)
    {
        bool isTooMuch;
        lock (_gate)
        {
            if (batch.FirstSequence > _received)
                throw new FaultException(FaultCode.Internal, $"parts {_received} to {batch.FirstSequence - 1} of the stream {StreamId} are missing");

            // Before a handler can run: its replies are this call's to bring.
            Overtake();
            var number = batch.FirstSequence;
            foreach (var part in batch.Parts)
            {
                if (number++ < _received)
                    continue;
                _received++;
                Take(part);
            }

            _halfClosed |= batch.HalfClose;
            SettleParts();
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
        if (payload.Length > _limits.MaxMessageBytes - Math.Min(Envelope, _limits.MaxMessageBytes / 2))
            throw new ArgumentException($"the message of {payload.Length} bytes is longer than a message may be", nameof(payload));
        if (HasEnded)
            throw new StreamClosedException();

        var sent = references.Count == 0 ? ExportedReferences.None : _owner.References.Export(references);
        var slow = false;
        string? refusal = null;
        lock (_gate)
        {
            if (_end is null)
            {
                // A reply waits by not letting the stream's next batch in; only what comes unasked is refused when the log is full.
                slow = _inHandler ? _log.OverflowsHard(payload.Length) : _log.Overflows(payload.Length);
                if (!slow && !ChargeQueues(payload.Length))
                    (slow, refusal) = (true, _charge.Refusal);
                if (!slow)
                {
                    _log.Append(payload, sent.References, sent.Holds);
                    Answer(outputCame: true);
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

    /// <summary>Ends the stream; the first end counts. The plugin is told in its turn, after the handler that runs now.</summary>
    public void End(StreamEndReason reason, Fault? fault)
    {
        lock (_gate)
        {
            if (_end is not null)
                return;
            _end = new StreamEnd(reason, fault);
            if (reason is StreamEndReason.SlowConsumer)
                _log.Clear();
            Forget(_pending);
            (_partial, _inboundBytes) = (null, 0);
            ChargeQueues(added: 0);
            Answer(outputCame: false);
        }

        // Off this thread: plugin code may have registered on the token.
        _ = _closed.CancelAsync();
        _turns.Enqueue(new CloseTurn(this, (CloseReason)reason));
    }

    /// <summary>Ends the stream from the caller's side. The caller reads nothing any more.</summary>
    public void Leave(StreamEndReason reason)
    {
        End(reason, null);
        lock (_gate)
        {
            _log.Clear();
            _charge.Close();
        }
    }

    /// <summary>Gives up on a gateway that is silent for too long, and forgets an end that nobody asked for.</summary>
    /// <returns>True when the stream can be forgotten.</returns>
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
                _timer?.Dispose();
                return true;
            }
        }

        if (silent && !ended)
            End(StreamEndReason.NodeLost, new Fault(FaultCode.Unavailable, "the gateway of the stream is gone"));
        return false;
    }

    /// <summary>Charges the session for what waits in both directions. Inside the lock.</summary>
    /// <returns>False when a budget does not allow it.</returns>
    private bool ChargeQueues(int added) => _charge.TrySet(_inboundBytes + _log.Bytes + added);

    private void Take(StreamPart part)
    {
        if (_end is null)
            _inboundBytes += part.Bytes.Length;
        if (!part.IsLast)
        {
            (_partial ??= new ArrayBuilder()).Add(part.Bytes);
            return;
        }

        var payload = part.Bytes;
        if (_partial is not null)
        {
            _partial.Add(part.Bytes);
            payload = _partial.ToMemory();
            _partial = null;
        }

        var number = _messages++;
        IReadOnlyList<ServerObject> references =
            part.References.IsDefaultOrEmpty ? [] : _owner.References.Import(part.References, Holder.OfInput(StreamId, number));
        var turn = new MessageTurn(this, payload, references, _received);
        if (_end is null)
        {
            _unhandled++;
            _pending.Enqueue(turn);
        }
        else
        {
            turn.Forget();
        }
    }

    /// <summary>The first parts of a message that is still coming have nobody to handle them: with nothing before them they count as handled, so that the rest comes.</summary>
    private void SettleParts()
    {
        if (_unhandled == 0)
            _handled = _received;
    }

    /// <summary>Lets messages into the object's queue, unless replies to earlier ones wait for the client.</summary>
    /// <returns>Whether the queue is to be begun.</returns>
    private bool Dispatch()
    {
        var begin = false;
        // Taken and enqueued in one step: the gateway's call and a turn that ends may both be here, and order must hold.
        lock (_gate)
        {
            while (_end is null && !_log.IsFull)
            {
                if (_pending.TryDequeue(out var message))
                {
                    begin |= _turns.Add(message);
                }
                else if (_halfClosed && !_halfCloseQueued)
                {
                    _halfCloseQueued = true;
                    begin |= _turns.Add(new HalfCloseTurn(this));
                }
                else
                {
                    break;
                }
            }
        }

        return begin;
    }

    private static void Forget(Queue<MessageTurn> turns)
    {
        while (turns.TryDequeue(out var turn))
            turn.Forget();
    }
}
