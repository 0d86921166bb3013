using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Client;

/// <summary>A message from an object.</summary>
/// <param name="Payload">What it says.</param>
/// <param name="References">Objects that go along: new exports of the session, to be released by the client.</param>
public sealed record ServerMessage(ReadOnlyMemory<byte> Payload, IReadOnlyList<TypedTicket> References);

/// <summary>How a conversation ended.</summary>
/// <param name="Status">OK when the object ended it, CANCELLED with an empty text when this side did, else the failure.</param>
/// <param name="Reason">The server's words; empty when there is nothing to say.</param>
public sealed record ConversationEnd(StatusCode Status, string Reason);

/// <summary>
/// A conversation with a server-side object. Messages arrive at the object in the order in which they were sent. How the object ends it is told where
/// messages are read: reading ends, or throws the object's error. A conversation that has ended is not opened again by itself: what the object knew of it is gone.
/// </summary>
public sealed class PluginClient : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<StreamRequest, StreamResponse> _call;
    private readonly ClientTelemetry _telemetry;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly TaskCompletionSource<ConversationEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for all messages: the transport has made bytes of it when a write returns, and there is one write at a time.
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

    /// <summary>The object that was connected to.</summary>
    public TypedTicket Source { get; }

    /// <summary>Completes, never with an exception, when the end of the conversation has been read or this side has ended it.</summary>
    public Task<ConversationEnd> Completion => _end.Task;

    /// <summary>Connects to an object. That the object is not there, or is of another type, is told by the first read.</summary>
    /// <param name="session">The session.</param>
    /// <param name="source">The object and the type it must have.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <returns>The conversation. Objects open it with a first message, which says nothing.</returns>
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

    /// <summary>Sends a message. May be called from many threads; messages go out one after the other.</summary>
    /// <param name="payload">What to say; not to be changed until the message is sent.</param>
    /// <param name="references">Objects that go along, by any ticket.</param>
    /// <param name="cancellationToken">Gives up. A message that is being written cannot be taken back: giving it up ends the conversation.</param>
    /// <returns>When the transport has taken the message.</returns>
    /// <exception cref="WharfException">
    /// The conversation has ended: the status is that of its end, or FAILED_PRECONDITION if the object ended it without an error or the client has
    /// completed it.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The conversation is disposed.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> payload, IReadOnlyList<TypedTicket>? references = null, CancellationToken cancellationToken = default)
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

    /// <summary>Says that nothing more will be sent. What the object still has to say can be read.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When the transport has taken it.</returns>
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
    /// <param name="cancellationToken">Stops reading and ends the conversation.</param>
    /// <returns>The messages. They can be read once only, but reading may stop and go on.</returns>
    /// <exception cref="WharfException">The conversation ended with an error.</exception>
    public async IAsyncEnumerable<ServerMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await ReadAsync(cancellationToken).ConfigureAwait(false) is { } message)
            yield return message;
    }

    /// <summary>Reads the object's next message.</summary>
    /// <param name="cancellationToken">Stops reading and ends the conversation.</param>
    /// <returns>The message, or null when the object has ended the conversation.</returns>
    /// <exception cref="WharfException">The conversation ended with an error.</exception>
    public async Task<ServerMessage?> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
            throw new InvalidOperationException("the messages of one conversation are read by one reader at a time");
        try
        {
            while (await _call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                // A message of a kind that this version does not know is not for it.
                if (_call.ResponseStream.Current.Data is not { } data)
                    continue;
                _telemetry.Received();
                return new(data.Payload.Memory, data.ExportedReferences.Count == 0 ? [] : [.. data.ExportedReferences.Select(TypedTicket.FromWire)]);
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

    /// <summary>Ends the conversation at once; what has not been read is lost.</summary>
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
        catch (RpcException cancelled) when (cancelled.IsBy(cancellationToken))
        {
            throw new OperationCanceledException(cancelled.Status.Detail, cancelled, cancellationToken);
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException and not ObjectDisposedException)
        {
            // The stream ended before the write, whose own error describes the transport only.
            throw await TrueEndAsync(ended, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task<Exception> TrueEndAsync(Exception failed, CancellationToken cancellationToken)
    {
        if (_completed)
            return Ended("the client has completed the conversation", advice: null, failed);
        if (Volatile.Read(ref _reading) != 0)
            await _end.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Status() is { StatusCode: not StatusCode.OK } status
            ? WharfException.From(new RpcException(status), Source.Ticket)
            : Ended("the conversation has ended", "read the stream for the reason; connect again to continue", failed);
    }

    private WharfException Ended(string message, string? advice, Exception inner) => new(StatusCode.FailedPrecondition, message, Source.Ticket, advice, inner);

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
