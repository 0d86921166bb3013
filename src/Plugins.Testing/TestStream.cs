using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Testing;

/// <summary>The client's end of a message stream to an object.</summary>
public sealed class TestStream : IAsyncDisposable
{
    private readonly TestObject _target;
    private readonly Caller _caller;
    private readonly TestTurnQueue _turns;
    private readonly PluginEnd _pluginEnd;
    private readonly CancellationTokenSource _closed = new();
    private readonly Channel<(ReadOnlyMemory<byte> Payload, IReadOnlyList<object?> References)> _sent = Channel.CreateUnbounded<(ReadOnlyMemory<byte>, IReadOnlyList<object?>)>();
    private IMessageHandler? _handler;
    private int _isClosed;

    internal TestStream(TestObject target, Caller caller, TestTurnQueue turns, ILogger logger)
    {
        (_target, _caller, _turns) = (target, caller, turns);
        _pluginEnd = new PluginEnd(this, logger);
    }

    /// <summary>The reason of the stream's end; null while it is open.</summary>
    public CloseReason? Ended { get; private set; }

    /// <summary>Sends a message and waits until the handler has returned.</summary>
    /// <param name="payload">The bytes.</param>
    /// <param name="references">The objects to send: each is a <see cref="TestObject"/> or a table. The plugin's handles are valid until the handler returns, as on a server.</param>
    /// <returns>Completes when the handler has returned.</returns>
    /// <exception cref="PluginException">The handler failed, and the stream has ended; the status is that for the client.</exception>
    /// <exception cref="StreamClosedException">The stream had ended.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> payload, params IServerObject[] references)
    {
        if (Volatile.Read(ref _isClosed) != 0)
            throw new StreamClosedException();
        try
        {
            await _turns.RunAsync(async () =>
            {
                var scoped = references.Select(ScopedHandle.Of).ToArray();
                try
                {
                    await _handler!.OnMessageAsync(new ReceivedMessage(payload, scoped, _caller), _closed.Token).ConfigureAwait(false);
                }
                finally
                {
                    foreach (var handle in scoped)
                        handle.Expire();
                }

                return true;
            }).ConfigureAwait(false);
        }
        catch (PluginException)
        {
            await FailAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends a text.</summary>
    /// <param name="text">The text, sent as UTF-8.</param>
    /// <param name="references">As in <see cref="SendAsync(ReadOnlyMemory{byte}, IServerObject[])"/>.</param>
    /// <returns>Completes when the handler has returned.</returns>
    public Task SendAsync(string text, params IServerObject[] references) => SendAsync(Encoding.UTF8.GetBytes(text), references);

    /// <summary>Waits for the next message.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The message; null if the object has closed the stream and all messages are received.</returns>
    public async Task<TestMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        while (await _sent.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_sent.Reader.TryRead(out var message))
                return await TestMessage.OfAsync(_target.Host, message.Payload, message.References).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Receives the messages that are already sent, without waiting.</summary>
    /// <returns>The messages.</returns>
    public async Task<IReadOnlyList<TestMessage>> ReceiveAllAsync()
    {
        var messages = new List<TestMessage>();
        while (_sent.Reader.TryRead(out var message))
            messages.Add(await TestMessage.OfAsync(_target.Host, message.Payload, message.References).ConfigureAwait(false));
        return messages;
    }

    /// <summary>Ends the stream. The handler is notified once, after its last message.</summary>
    /// <param name="reason">The reason of the end.</param>
    /// <returns>Completes when the handler has returned.</returns>
    public async Task EndAsync(CloseReason reason = CloseReason.ClientClosed)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        Ended = reason;
        _sent.Writer.TryComplete();
        await _closed.CancelAsync().ConfigureAwait(false);
        if (_handler is null)
            return;
        await _turns.RunAsync(async () =>
        {
            await _handler.OnClosedAsync(reason, CancellationToken.None).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    /// <summary>Ends the stream as a client that closes it.</summary>
    /// <returns>Completes when the handler has returned.</returns>
    public async ValueTask DisposeAsync() => await EndAsync().ConfigureAwait(false);

    /// <summary>The object that the stream is open to.</summary>
    internal TestObject Target => _target;

    /// <summary>Whether the calling code runs in a turn that precedes the handler of the stream.</summary>
    internal bool IsOwnTurn => _turns.Own is not null;

    internal async Task OpenAsync(BidirectionalObjectType type, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        try
        {
            _handler = await _turns.RunAsync(async () => await type.ConnectAsync(_target.Instance, _pluginEnd, either.Token).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"the type {type.Name} returned no message handler")).ConfigureAwait(false);
        }
        catch
        {
            await FailAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the stream after a failure. A failure of its close handler is only logged.</summary>
    private async Task FailAsync()
    {
        try
        {
            await EndAsync(CloseReason.Failed).ConfigureAwait(false);
        }
        catch (PluginException failed)
        {
            TestLog.CloseFailed(_pluginEnd.Logger, failed);
        }
    }

    /// <summary>The plugin's end of the stream.</summary>
    private sealed class PluginEnd(TestStream stream, ILogger logger) : IMessageStream
    {
        public string StreamId { get; } = Guid.NewGuid().ToString("N");

        public Caller Caller => stream._caller;

        public CancellationToken Closed => stream._closed.Token;

        public ILogger Logger => logger;

        public void Send(ReadOnlyMemory<byte> payload, IReadOnlyList<object?> references)
        {
            // A scoped handle has to be valid now only; its target may be received later.
            if (!stream._sent.Writer.TryWrite((payload, [.. references.Select(static reference => reference is ScopedHandle scoped ? scoped.Require() : reference)])))
                throw new StreamClosedException();
        }

        // Not awaited: the plugin may be in a turn, which the close handler waits for.
        public void Close() => _ = stream.EndAsync(CloseReason.PluginClosed);
    }
}
