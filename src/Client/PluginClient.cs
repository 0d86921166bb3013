using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Client;

/// <summary>A message from an object.</summary>
/// <param name="Payload">What it says.</param>
/// <param name="References">Objects that go along: new exports of the session, to be released by the client.</param>
public sealed record ServerMessage(ReadOnlyMemory<byte> Payload, IReadOnlyList<TypedTicket> References);

/// <summary>
/// A conversation with a server-side object. Messages arrive at the object in the order in which they were sent. How the object ends it is told where
/// messages are read: reading ends, or throws the <see cref="RpcException"/> with the object's error.
/// </summary>
public sealed class PluginClient : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<StreamRequest, StreamResponse> _call;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private int _reading;
    private bool _completed;

    private PluginClient(AsyncDuplexStreamingCall<StreamRequest, StreamResponse> call, TypedTicket source)
    {
        _call = call;
        Source = source;
    }

    /// <summary>The object that was connected to.</summary>
    public TypedTicket Source { get; }

    /// <summary>Connects to an object. That the object is not there, or is of another type, is told by the first read.</summary>
    /// <param name="session">The session.</param>
    /// <param name="source">The object and the type it must have.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <returns>The conversation.</returns>
    public static async Task<PluginClient> ConnectAsync(Session session, TypedTicket source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(source);
        var client = new PluginClient(new ObjectService.ObjectServiceClient(session.CallInvoker).MessageStream(cancellationToken: CancellationToken.None), source);
        try
        {
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
    /// <param name="payload">What to say; it is copied.</param>
    /// <param name="references">Objects that go along, by any ticket.</param>
    /// <param name="cancellationToken">Gives up. A message that is being written cannot be taken back: giving it up ends the conversation.</param>
    /// <returns>When the transport has taken the message.</returns>
    /// <exception cref="WharfException">The conversation has ended, or nothing more was to be sent.</exception>
    /// <exception cref="RpcException">The conversation has ended with this error.</exception>
    public Task SendAsync(ReadOnlyMemory<byte> payload, IReadOnlyList<TypedTicket>? references = null, CancellationToken cancellationToken = default)
    {
        var data = new ClientData { Payload = ByteString.CopyFrom(payload.Span) };
        data.References.AddRange((references ?? []).Select(reference => reference.ToWire()));
        return WriteAsync(new() { Data = data }, cancellationToken);
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
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Reads the object's messages until it ends the conversation.</summary>
    /// <param name="cancellationToken">Stops reading and ends the conversation.</param>
    /// <returns>The messages. They can be read once only, but reading may stop and go on.</returns>
    /// <exception cref="RpcException">The conversation ended with an error.</exception>
    public async IAsyncEnumerable<ServerMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await ReadAsync(cancellationToken).ConfigureAwait(false) is { } message)
            yield return message;
    }

    /// <summary>Reads the object's next message.</summary>
    /// <param name="cancellationToken">Stops reading and ends the conversation.</param>
    /// <returns>The message, or null when the object has ended the conversation.</returns>
    /// <exception cref="RpcException">The conversation ended with an error.</exception>
    public async Task<ServerMessage?> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
            throw new InvalidOperationException("the messages of one conversation are read by one reader at a time");
        try
        {
            while (await _call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                // A message of a kind that this version does not know is not for it.
                if (_call.ResponseStream.Current.Data is { } data)
                    return new(data.Payload.Memory, [.. data.ExportedReferences.Select(TypedTicket.FromWire)]);
            }
            return null;
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
        _call.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task WriteAsync(StreamRequest message, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _call.RequestStream.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException cancelled) when (cancelled.IsBy(cancellationToken))
        {
            throw new OperationCanceledException(cancelled.Status.Detail, cancelled, cancellationToken);
        }
        catch (Exception ended) when (ended is InvalidOperationException or RpcException { StatusCode: StatusCode.OK })
        {
            throw new WharfException("the conversation has ended; reading tells why", ended);
        }
        finally
        {
            _sending.Release();
        }
    }
}
