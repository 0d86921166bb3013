using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Client;

/// <summary>A message from an object.</summary>
/// <param name="Payload">The content.</param>
/// <param name="References">The referenced objects: new exports of the session, which the client releases.</param>
public sealed record ServerMessage(ReadOnlyMemory<byte> Payload, IReadOnlyList<TypedTicket> References);

/// <summary>The end of a conversation.</summary>
/// <param name="Status">OK if the object ended it, CANCELLED with an empty text if the client did; otherwise the failure.</param>
/// <param name="Reason">The status text of the server; may be empty.</param>
public sealed record ConversationEnd(StatusCode Status, string Reason);

/// <summary>
/// A conversation with an object on the server. The object receives messages in the order in which they were sent. The reader observes the
/// end of the conversation: reading completes, or throws the error of the object. A conversation is not reopened after its end, because the
/// object has released its state.
/// </summary>
public sealed class PluginClient : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<StreamRequest, StreamResponse> _call;
    private readonly ClientTelemetry _telemetry;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly TaskCompletionSource<ConversationEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Reused for all messages: the transport has serialized it when a write returns, and writes do not overlap.
    private readonly StreamRequest _outgoing = new() { Data = new() };
    private int _reading;
    private bool _completed;
    private volatile bool _disposed;

    private PluginClient(AsyncDuplexStreamingCall<StreamRequest, StreamResponse> call, TypedTicket source, ClientTelemetry telemetry)
    {
        _call = call;
        _telemetry = telemetry;
        Source = source;
        telemetry.StreamOpened();
    }

    /// <summary>The object of the conversation.</summary>
    public TypedTicket Source { get; }

    /// <summary>Completes, never with an exception, when the end of the conversation has been read or this side has ended it.</summary>
    public Task<ConversationEnd> Completion => _end.Task;

    /// <summary>Connects to an object. If the object does not exist or is of another type, the first read throws.</summary>
    /// <param name="session">The session.</param>
    /// <param name="source">The object and the type it must have.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The conversation. Objects open it with a first message, which has no content.</returns>
    /// <exception cref="WharfException">The server cannot be reached.</exception>
    public static async Task<PluginClient> ConnectAsync(Session session, TypedTicket source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(source);
        var call = new ObjectService.ObjectServiceClient(session.CallInvoker).MessageStream(cancellationToken: CancellationToken.None);
        var client = new PluginClient(call, source, session.Telemetry);
        try
        {
            await client._sending.WaitAsync(cancellationToken).ConfigureAwait(false);
            await client.WriteAsync(new() { Connect = new() { SourceId = source.ToWire() } }, cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends a message. Thread-safe; messages are sent one after the other.</summary>
    /// <param name="payload">The content, which must not change until the message is sent.</param>
    /// <param name="references">Tickets, of any kind, of the objects to send with the message.</param>
    /// <param name="cancellationToken">
    /// The token to monitor for cancellation requests. Cancelling a write in progress ends the conversation.
    /// </param>
    /// <returns>A task that completes when the transport has accepted the message.</returns>
    /// <exception cref="WharfException">
    /// The conversation has ended: the status is that of its end, or FAILED_PRECONDITION if the object ended it without an error or the
    /// client has completed it.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The conversation is disposed.</exception>
    public async Task SendAsync(
        ReadOnlyMemory<byte> payload, IReadOnlyList<TypedTicket>? references = null, CancellationToken cancellationToken = default)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        var data = _outgoing.Data;
        data.Payload = UnsafeByteOperations.UnsafeWrap(payload);
        data.References.Clear();
        for (var index = 0; index < (references?.Count ?? 0); index++)
            data.References.Add(references![index].ToWire());
        await WriteAsync(_outgoing, cancellationToken).ConfigureAwait(false);
        _telemetry.Sent();
    }

    /// <summary>Completes the sending side. Remaining messages of the object can still be read.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task that completes when the transport has accepted it.</returns>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_completed)
                await _call.RequestStream.CompleteAsync().ConfigureAwait(false);
            _completed = true;
        }
        catch (RpcException failed)
        {
            throw WharfException.From(failed, Source.Ticket);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Reads the object's messages until it ends the conversation.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests. Cancellation ends the conversation.</param>
    /// <returns>The messages. Each is returned once; a later enumeration continues with the next message.</returns>
    /// <exception cref="WharfException">The conversation ended with an error.</exception>
    public async IAsyncEnumerable<ServerMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await ReadAsync(cancellationToken).ConfigureAwait(false) is { } message)
            yield return message;
    }

    /// <summary>Reads the object's next message.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests. Cancellation ends the conversation.</param>
    /// <returns>The message, or null if the object has ended the conversation.</returns>
    /// <exception cref="WharfException">The conversation ended with an error.</exception>
    public async Task<ServerMessage?> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
            throw new InvalidOperationException("a conversation can have only one pending read");
        try
        {
            while (await _call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                // Ignore kinds of messages that this version does not support.
                if (_call.ResponseStream.Current.Data is not { } data)
                    continue;
                _telemetry.Received();
                return new(
                    data.Payload.Memory, data.ExportedReferences.Count == 0
                    ? []
                    : [.. data.ExportedReferences.Select(TypedTicket.FromWire)]);
            }
            End(StatusCode.OK, "");
            return null;
        }
        catch (RpcException failed)
        {
            End(failed.StatusCode, failed.Status.Detail);
            throw WharfException.From(failed, Source.Ticket);
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException)
        {
            End(StatusCode.Cancelled, "");
            throw;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    /// <summary>Ends the conversation immediately; unread messages are lost.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        End(StatusCode.Cancelled, "");
        _call.Dispose();
        return ValueTask.CompletedTask;
    }

    private void End(StatusCode status, string reason)
    {
        if (_end.TrySetResult(new(status, reason)))
            _telemetry.StreamEnded();
    }

    private async Task WriteAsync(StreamRequest message, CancellationToken cancellationToken)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            await _call.RequestStream.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException cancelled) when (cancelled.IsCausedBy(cancellationToken))
        {
            throw new OperationCanceledException(cancelled.Status.Detail, cancelled, cancellationToken);
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException and not ObjectDisposedException)
        {
            // The stream ended before the write, and the error of the write describes only the transport.
            throw await GetFailureAsync(ended, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task<Exception> GetFailureAsync(Exception failed, CancellationToken cancellationToken)
    {
        if (_completed)
            return Ended("the client has completed the conversation", advice: null, failed);
        if (Volatile.Read(ref _reading) != 0)
            await _end.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Status() is { StatusCode: not StatusCode.OK } status
            ? WharfException.From(new RpcException(status), Source.Ticket)
            : Ended("the conversation has ended", "read the stream for the reason; connect again to continue", failed);
    }

    private WharfException Ended(string message, string? advice, Exception inner) =>
        new(StatusCode.FailedPrecondition, message, Source.Ticket, advice, inner);

    private Status? Status()
    {
        try
        {
            return _call.GetStatus();
        }
        catch (InvalidOperationException)
        {
            // The transport has no status until the end of the stream is read.
            return null;
        }
    }
}
