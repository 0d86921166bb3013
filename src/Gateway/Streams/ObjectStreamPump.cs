using Grpc.Core;
using Microsoft.Extensions.Logging;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Edge;
using Wharf.Gateway.Sessions;
using Wharf.Grains;
using Wharf.Grains.Streams;
using Wharf.Protocol;
using Wharf.Tables;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>Runs a message stream: reads the connect message, opens the stream to the object, exchanges messages until the stream ends, and reports the end to both sides.</summary>
internal sealed partial class ObjectStreamPump : IDisposable
{
    private readonly CallSession _session;
    private readonly LongCall _call;
    private readonly IAsyncStreamWriter<Wire.StreamResponse> _responses;
    private readonly StreamDependencies _services;
    private readonly PumpSignal _signal = new();
    private readonly StreamInbox _inbox;
    private readonly RequestReader _reader;
    private readonly CancellationTokenSource _stop;
    private StreamConnection? _connection;
    private BatchSender? _sender;

    public ObjectStreamPump(
        CallSession session, LongCall call, IAsyncStreamReader<Wire.StreamRequest> requests, IAsyncStreamWriter<Wire.StreamResponse> responses, StreamDependencies services)
    {
        _session = session;
        _call = call;
        _responses = responses;
        _services = services;
        var options = services.Options.Value;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(call.Stopped);
        _stop.Token.UnsafeRegister(static signal => ((PumpSignal)signal!).SetOnThreadPool(), _signal);
        _inbox = new StreamInbox(options.StreamQueueMessages, options.StreamQueueBytes, _signal, new QueueCharge(services.Memory, session.Id));
        _reader = new RequestReader(requests, _inbox, _signal, options.MaxTicketBytes, _stop);
    }

    /// <summary>Runs the stream until it ends.</summary>
    /// <exception cref="FaultException">The stream did not complete with OK.</exception>
    public async Task RunAsync()
    {
        var reading = _reader.RunAsync();
        try
        {
            await PumpAsync();
        }
        catch (OperationCanceledException) when (_reader.Failure is not null && !_call.Stopped.IsCancellationRequested)
        {
            Leave(_reader.HasInvalidRequest ? StreamEndReason.Failed : StreamEndReason.ClientCancelled);
            throw _reader.HasInvalidRequest ? _reader.Failure : new BrokenCallException(_reader.Failure);
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

    private async Task PumpAsync()
    {
        while (!_inbox.IsReadable)
        {
            _stop.Token.ThrowIfCancellationRequested();
            await _signal.WaitAsync();
        }

        if (_inbox.IsDone)
            return;
        (_connection, var first) = await _services.Connector.ConnectAsync(_session, _inbox.Take(), _stop.Token);
        _sender = new BatchSender(_session, _connection, _inbox, _services.Work, _services.Permissions, _services.Instruments, _stop.Token);
        var writer = new ResponseWriter(
            _connection, new StreamOutlet(_session, _connection.Id), _responses, _services.Instruments, _services.Time, _stop.Token);
        var last = await new StreamExchange(_connection, first, _sender, writer, new PullScheduler(_services.Delay, _signal), _signal, _stop).RunAsync();
        if (!last.Parts.IsDefaultOrEmpty)
            _ = NotifyAsync(_connection, static connection => connection.AcknowledgeAsync());
        if (_connection.End is { Fault: { } fault })
            throw new FaultException(fault);
    }

    // Disconnects from the object without waiting for it.
    private void Leave(StreamEndReason reason)
    {
        if (_connection is { End: null } connection)
            _ = NotifyAsync(connection, open => open.DisconnectAsync(reason));
        _ = _sender?.ReleaseAsync(_services.Grains);
    }

    private async Task NotifyAsync(StreamConnection connection, Func<StreamConnection, Task> notify)
    {
        try
        {
            await notify(connection);
        }
        catch (Exception exception)
        {
            LogNotNotified(_services.Logger, exception, connection.Id);
        }
    }

    [LoggerMessage(EventId = 3509, Level = LogLevel.Warning, Message = "Failed to notify the object of the end of stream {StreamId}; the object's node ends the stream by itself")]
    private static partial void LogNotNotified(ILogger logger, Exception exception, string streamId);
}
