using Wharf.Rpc;

namespace Wharf.Client;

/// <summary>
/// One message stream with calls on it: answers come in the order of the calls, as many calls as there are may wait. A call that was given up while others wait has its answer
/// passed over when it comes.
/// </summary>
internal sealed class CallLane : IAsyncDisposable
{
    private readonly Session _session;
    private readonly PluginClient _stream;
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource<ServerMessage>> _waiting = new();
    private WharfException? _end;
    private int _load;

    private CallLane(Session session, PluginClient stream)
    {
        _session = session;
        _stream = stream;
    }

    /// <summary>How many calls are on it, or are about to be.</summary>
    public int Load => Volatile.Read(ref _load);

    public bool IsOpen => Volatile.Read(ref _end) is null;

    public static async Task<CallLane> OpenAsync(Session session, TypedTicket target, CancellationToken cancellationToken)
    {
        var lane = new CallLane(session, await OpenStreamAsync(session, target, cancellationToken).ConfigureAwait(false));
        _ = lane.ReadAsync();
        return lane;
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
        StatusCode.Unavailable, "the object ended the stream before it answered", target.Ticket, "the call may or may not have happened; the next one opens a new stream");

    public void Reserve() => Interlocked.Increment(ref _load);

    public void Leave() => Interlocked.Decrement(ref _load);

    public async Task<ServerMessage> CallAsync(RpcRequest request, IReadOnlyList<TypedTicket> references, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<ServerMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task sent;
        lock (_gate)
        {
            if (_end is { } end)
                throw end;
            _waiting.Enqueue(answer);
            // Begun within the gate, so that calls go out in the order in which their answers are waited for.
            sent = _stream.SendAsync(request.ToBytes(), references, CancellationToken.None);
        }
        var given = cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource<ServerMessage>)state!).TrySetCanceled(token), answer);
        await using (given.ConfigureAwait(false))
        {
            try
            {
                await Task.WhenAny(sent, answer.Task).ConfigureAwait(false);
                if (sent.IsFaulted && !answer.Task.IsCompleted)
                    await answer.Task.ConfigureAwait(false); // the stream has ended, and its reader knows why
                return await answer.Task.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (Load == 1)
            {
                // Nobody else is on it: its end tells the object.
                await DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Close(new WharfException(StatusCode.Cancelled, "the calls were given up", _stream.Source.Ticket));
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
            Close(failed as WharfException ?? new WharfException(StatusCode.Unavailable, "the stream broke: " + failed.Message, _stream.Source.Ticket, inner: failed));
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
