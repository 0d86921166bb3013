using Wharf.Rpc;

namespace Wharf.Client;

/// <summary>
/// A message stream for pipelined calls: replies arrive in the order of the calls. The reply of a cancelled call is discarded when it
/// arrives.
/// </summary>
internal sealed class CallStream : IAsyncDisposable
{
    private readonly Session _session;
    private readonly PluginClient _stream;
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource<ServerMessage>> _waiting = new();
    private WharfException? _end;
    private int _load;

    private CallStream(Session session, PluginClient stream)
    {
        _session = session;
        _stream = stream;
    }

    /// <summary>The number of calls that use the stream or have reserved it.</summary>
    public int Load => Volatile.Read(ref _load);

    public bool IsOpen => Volatile.Read(ref _end) is null;

    public static async Task<CallStream> OpenAsync(Session session, TypedTicket target, CancellationToken cancellationToken)
    {
        var stream = new CallStream(session, await OpenStreamAsync(session, target, cancellationToken).ConfigureAwait(false));
        _ = stream.ReadAsync();
        return stream;
    }

    /// <summary>Connects, and reads the message with which objects open a stream.</summary>
    public static async Task<PluginClient> OpenStreamAsync(Session session, TypedTicket target, CancellationToken cancellationToken)
    {
        var stream = await PluginClient.ConnectAsync(session, target, cancellationToken).ConfigureAwait(false);
        try
        {
            return await stream.ReadAsync(cancellationToken).ConfigureAwait(false) is not null ? stream : throw Ended(target);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public static WharfException Ended(TypedTicket target) => new(
        StatusCode.Unavailable, "the object ended the stream before it replied", target.Ticket,
        "the call may or may not have been executed; the next call opens a new stream");

    public void Reserve() => Interlocked.Increment(ref _load);

    public void Release() => Interlocked.Decrement(ref _load);

    public async Task<ServerMessage> CallAsync(
        RpcRequest request, IReadOnlyList<TypedTicket> references, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<ServerMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task sent;
        lock (_gate)
        {
            if (_end is { } end)
                throw end;
            _waiting.Enqueue(answer);
            // Started under the lock, so that calls are sent in the order in which their replies are awaited.
            sent = _stream.SendAsync(request.ToBytes(), references, CancellationToken.None);
        }
        var given = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<ServerMessage>)state!).TrySetCanceled(token), answer);
        await using (given.ConfigureAwait(false))
        {
            try
            {
                await Task.WhenAny(sent, answer.Task).ConfigureAwait(false);
                if (sent.IsFaulted && !answer.Task.IsCompleted)
                    await answer.Task.ConfigureAwait(false); // The stream has ended; its reader has the reason.
                return await answer.Task.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (Load == 1)
            {
                // No other call uses the stream: ending it cancels the call on the object's side.
                await DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Close(new WharfException(StatusCode.Cancelled, "the calls were cancelled", _stream.Source.Ticket));
        return _stream.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _stream.ReadAsync(CancellationToken.None).ConfigureAwait(false) is { } message)
            {
                TaskCompletionSource<ServerMessage>? next;
                lock (_gate)
                    _waiting.TryDequeue(out next);
                if (next?.TrySetResult(message) != true)
                    await RemoteObject.ReleaseAsync(_session, message.References).ConfigureAwait(false);
            }
            Close(Ended(_stream.Source));
        }
        catch (Exception failed)
        {
            Close(failed as WharfException
                ?? new WharfException(StatusCode.Unavailable, "the stream broke: " + failed.Message, _stream.Source.Ticket, inner: failed));
        }
    }

    private void Close(WharfException end)
    {
        TaskCompletionSource<ServerMessage>[] left;
        lock (_gate)
        {
            _end ??= end;
            left = [.. _waiting];
            _waiting.Clear();
        }
        foreach (var answer in left)
            answer.TrySetException(_end);
    }
}
