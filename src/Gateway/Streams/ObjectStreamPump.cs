using System.Collections.Immutable;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Edge;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Services;
using Wharf.Gateway.Telemetry;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Streams;
using Wharf.Protocol;
using Wharf.Tables;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>
/// Runs a message stream. It reads the client's messages into a bounded inbox, sends them to the object in batches, one in flight, and writes the object's output. While
/// no batch is in flight, a pull waits for output; a batch completes it. The loop runs on one thread at a time: the one that signalled it.
/// </summary>
internal sealed partial class ObjectStreamPump : IDisposable, PullDelay.IDelayedPull
{
    // If a write stalls for this time, check whether the stream has already ended on the object's side.
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(1);

    private readonly CallSession _session;
    private readonly LongCall _call;
    private readonly IAsyncStreamReader<Wire.StreamRequest> _requests;
    private readonly IAsyncStreamWriter<Wire.StreamResponse> _responses;
    private readonly ObjectConnector _connector;
    private readonly SessionWork _work;
    private readonly Permissions _permissions;
    private readonly IGrainFactory _grains;
    private readonly int _maxTicketLength;
    private readonly GatewayInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PullDelay _delay;
    private readonly PumpSignal _signal = new();
    private readonly Action _wake;
    private readonly StreamInbox _inbox;
    private readonly BatchBuilder _batches;
    private readonly CancellationTokenSource _stop;
    private StreamConnection? _connection;
    private StreamOutlet? _outlet;
    private Exception? _readFailure;
    private long _message;
    private bool _followsBatch;
    private volatile int _batchesSent;
    private volatile bool _isDelayed;
    private int _batchesSeen;
    private volatile bool _pullIsDue;

    public ObjectStreamPump(
        CallSession session,
        LongCall call,
        IAsyncStreamReader<Wire.StreamRequest> requests,
        IAsyncStreamWriter<Wire.StreamResponse> responses,
        ObjectConnector connector,
        SessionWork work,
        Permissions permissions,
        IGrainFactory grains,
        GatewayOptions options,
        GatewayInstruments instruments,
        PullDelay delay,
        MemoryAccountant memory,
        TimeProvider time,
        ILogger logger)
    {
        _session = session;
        _call = call;
        _requests = requests;
        _responses = responses;
        _connector = connector;
        _work = work;
        _permissions = permissions;
        _grains = grains;
        _maxTicketLength = options.MaxTicketBytes;
        _instruments = instruments;
        _time = time;
        _logger = logger;
        _delay = delay;
        _wake = _signal.Set;
        _inbox = new StreamInbox(options.StreamQueueMessages, options.StreamQueueBytes, _signal, new QueueCharge(memory, session.Id));
        _batches = new BatchBuilder(_inbox);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(call.Stopped);
        _stop.Token.UnsafeRegister(static signal => ((PumpSignal)signal!).SetOnThreadPool(), _signal);
    }

    /// <summary>Runs the stream until it ends.</summary>
    /// <exception cref="FaultException">The stream did not complete with OK.</exception>
    public async Task RunAsync()
    {
        var reading = ReadAsync();
        try
        {
            await PumpAsync();
        }
        catch (Exception exception) when (_readFailure is not null && !_call.Stopped.IsCancellationRequested && exception is OperationCanceledException)
        {
            Leave(IsInvalidRequest(_readFailure) ? StreamEndReason.Failed : StreamEndReason.ClientCancelled);
            throw IsInvalidRequest(_readFailure) ? _readFailure : new BrokenCallException(_readFailure);
        }
        catch (Exception exception) when (_call.RecordEnd(exception))
        {
            Leave(_call.EndReason);
            _call.ThrowIfFailed(new Fault(FaultCode.Cancelled, StatusTexts.SessionClosed));
        }
        catch
        {
            Leave(_call.Cancelled.IsCancellationRequested ? StreamEndReason.ClientCancelled : StreamEndReason.Failed);
            throw;
        }
        finally
        {
            await _stop.CancelAsync();
            await reading;
        }
    }

    public void Dispose()
    {
        _inbox.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        var requests = new StreamRequests(_maxTicketLength);
        try
        {
            var reading = _requests.MoveNext(_stop.Token);
            while (await reading)
            {
                await _inbox.WriteAsync(requests.Check(_requests.Current), _stop.Token);
                // Start the next read before signalling the pump, so that messages that have already arrived join this batch.
                reading = _requests.MoveNext(_stop.Token);
                if (!reading.IsCompleted)
                    _signal.Set();
            }

            _inbox.Complete();
        }
        catch (Exception exception)
        {
            // A malformed message ends the call immediately; messages that wait before it are dropped.
            _readFailure = exception;
            await _stop.CancelAsync();
        }
    }

    private async Task PumpAsync()
    {
        while (!_inbox.IsReadable)
        {
            _stop.Token.ThrowIfCancellationRequested();
            await _signal.WaitAsync();
        }

        if (_inbox.IsDone)
            return;
        (_connection, var output) = await _connector.ConnectAsync(_session, _inbox.Take(), _stop.Token);
        _outlet = new StreamOutlet(_session, _connection.Id);
        await DeliverAsync(output);

        Task<StreamOutput>? pull = null;
        Task<StreamOutput>? sending = null;
        Task? resolving = null;
        try
        {
            while (_connection.End is null)
            {
                // A batch completes a waiting pull. Accept drops parts that both return.
                if (pull is { IsCompleted: true })
                {
                    output = await pull;
                    pull = null;
                    await DeliverAsync(output);
                }
                else if (sending is { IsCompleted: true } && (pull is null || _connection.PullsBesideBatch))
                {
                    output = await sending;
                    sending = null;
                    _followsBatch = true;
                    await DeliverAsync(output);
                }
                else if (resolving is { IsCompleted: true })
                {
                    await resolving;
                    resolving = null;
                }
                else if (sending is null && resolving is null && _connection.CanSend && HasNext(out var unresolved))
                {
                    if (unresolved is not null)
                        WakeAfter(resolving = ResolveAsync(unresolved));
                    else
                        WakeAfter(sending = SendAsync());
                }
                else if (pull is null && (sending is null || _connection.PullsBesideBatch) && !TryDelayPull(sending is not null))
                {
                    WakeAfter(pull = _connection.PullAsync(CancellationToken.None));
                }
                else
                {
                    _stop.Token.ThrowIfCancellationRequested();
                    await _signal.WaitAsync();
                    _stop.Token.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            await _stop.CancelAsync();
            Observe(pull);
            Observe(sending);
            Observe(resolving);
        }
        if (!output.Parts.IsDefaultOrEmpty)
            _ = NotifyAsync(_connection, static connection => connection.AcknowledgeAsync());
        if (_connection.End is { Fault: { } fault })
            throw new FaultException(fault);
    }

    /// <summary>Delays the pull: after a batch, because the client often sends the next message first; beside a batch, because its result may arrive before the output.</summary>
    /// <returns>False if the pull is due.</returns>
    private bool TryDelayPull(bool besideBatch)
    {
        if (_pullIsDue || !(besideBatch || (_followsBatch && _connection!.CanSend)))
        {
            _followsBatch = false;
            return false;
        }
        if (!_isDelayed)
        {
            _batchesSeen = _batchesSent;
            _isDelayed = true;
            _delay.Add(this);
        }
        return true;
    }

    bool PullDelay.IDelayedPull.TryExtend()
    {
        var sent = _batchesSent;
        if (sent != _batchesSeen)
        {
            _batchesSeen = sent;
            return true;
        }
        _pullIsDue = true;
        _isDelayed = false;
        _signal.Set();
        return false;
    }

    private void WakeAfter(Task task)
    {
        if (!task.IsCompleted)
            task.GetAwaiter().UnsafeOnCompleted(_wake);
    }

    /// <summary>Returns whether a batch can be sent: a message, the rest of a message, or the half-close.</summary>
    /// <param name="unresolved">The message whose references must be resolved first.</param>
    private bool HasNext(out InboundMessage? unresolved)
    {
        unresolved = null;
        if (_batches.IsInMessage)
            return true;
        if (!_inbox.TryPeek(out var head))
            return _inbox.IsDone;
        if (!head.IsReady)
            unresolved = head;
        return true;
    }

    private async Task ResolveAsync(InboundMessage message)
    {
        var tickets = await AuthorizedTickets.AuthorizeReferencesAsync(_permissions, _session.Caller, message.Tickets, _stop.Token);
        message.References = await _work.ResolveAsync(_session, tickets, Holder.OfInput(_connection!.Id, _message), lease: null, _stop.Token);
    }

    private Task<StreamOutput> SendAsync()
    {
        var parts = _batches.Take();
        int messages = 0;
        foreach (var part in parts)
        {
            if (part.IsLast)
                messages++;
        }
        _message += messages;
        _pullIsDue = false;
        _batchesSent++;
        _instruments.Received(parts.AsSpan());
        bool halfClose = !_batches.IsInMessage && _inbox.IsDone;
        return GatewayActivities.IsRecording ? SendTracedAsync(parts, messages, halfClose) : _connection!.SendAsync(parts, halfClose);
    }

    private async Task<StreamOutput> SendTracedAsync(ImmutableArray<StreamPart> parts, int messages, bool halfClose)
    {
        using var activity = GatewayActivities.Send(_connection!.Id, messages);
        return await _connection.SendAsync(parts, halfClose);
    }

    private async Task DeliverAsync(StreamOutput output)
    {
        var parts = _connection!.Accept(output);
        if (parts.IsEmpty)
            return;
        _instruments.Sent(parts.Span);
        var writing = _outlet!.WriteAsync(_responses, _connection.Received - parts.Length, parts, _stop.Token);
        if (!writing.IsCompleted)
            await WatchStallAsync(writing);
        await writing;
    }

    // While a client does not read, no output is pulled; this detects that the stream has ended nevertheless.
    private async Task WatchStallAsync(Task writing)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        if (await Task.WhenAny(writing, Task.Delay(StallTimeout, _time, done.Token)) != writing)
        {
            while (!writing.IsCompleted && _connection!.End is null)
            {
                var ending = _connection.AwaitEndAsync(done.Token);
                if (await Task.WhenAny(writing, ending) == writing)
                {
                    Observe(ending);
                    break;
                }
                if ((await ending).End is not { } end)
                    continue;
                if (end is { Reason: StreamEndReason.SlowConsumer, Fault: { } fault })
                    throw new FaultException(fault);
                break;
            }
        }
        await done.CancelAsync();
    }

    // Returns whether the client sent a malformed message; other read failures are a broken connection.
    private static bool IsInvalidRequest(Exception readFailure) =>
        readFailure is FaultException or TicketFormatException or RpcException || FaultTranslation.IsMalformed(readFailure);

    // Disconnects from the object without waiting for it.
    private void Leave(StreamEndReason reason)
    {
        if (_connection is { End: null } connection)
            _ = NotifyAsync(connection, open => open.DisconnectAsync(reason));
        if (_inbox.TryPeek(out var head) && head is { IsReady: true, Tickets.IsEmpty: false } && _connection is not null)
            _ = ReleaseAsync(head.References, Holder.OfInput(_connection.Id, _message));
    }

    private async Task NotifyAsync(StreamConnection connection, Func<StreamConnection, Task> notify)
    {
        try
        {
            await notify(connection);
        }
        catch (Exception exception)
        {
            LogNotNotified(_logger, exception, connection.Id);
        }
    }

    private async Task ReleaseAsync(ImmutableArray<ObjectReference> references, string holder)
    {
        await using (new HeldObjects(_grains, references, holder))
        {
        }
    }

    private static void Observe(Task? task) => _ = task?.ContinueWith(
        static faulted => _ = faulted.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to notify the object of the end of stream {StreamId}; the object's node ends the stream by itself")]
    private static partial void LogNotNotified(ILogger logger, Exception exception, string streamId);
}
