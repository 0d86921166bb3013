using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Testing;

/// <summary>A message stream on an object, seen from its client.</summary>
public sealed class TestStream : IAsyncDisposable
{
    private readonly TestObject _target;
    private readonly Caller _caller;
    private readonly Turns _turns;
    private readonly Way _way;
    private readonly CancellationTokenSource _closed = new();
    private readonly Channel<(ReadOnlyMemory<byte> Payload, IReadOnlyList<object?> References)> _sent = Channel.CreateUnbounded<(ReadOnlyMemory<byte>, IReadOnlyList<object?>)>();
    private IMessageHandler? _handler;
    private int _isClosed;

    internal TestStream(TestObject target, Caller caller, Turns turns, ILogger logger)
    {
        (_target, _caller, _turns) = (target, caller, turns);
        _way = new Way(this, logger);
    }

    /// <summary>How the stream ended; null while it is open.</summary>
    public CloseReason? Ended { get; private set; }

    /// <summary>Sends a message and waits until the handler has returned.</summary>
    /// <param name="payload">The bytes.</param>
    /// <param name="references">What goes along: a <see cref="TestObject"/> or a table. Its handle is good until the handler returns, as on a server.</param>
    /// <returns>Completes when the handler has returned.</returns>
    /// <exception cref="PluginException">The handler failed: the stream has ended, and this is what its client sees.</exception>
    /// <exception cref="StreamClosedException">The stream had ended.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> payload, params IServerObject[] references)
    {
        if (Volatile.Read(ref _isClosed) != 0)
            throw new StreamClosedException();
        try
        {
            await _turns.RunAsync(async () =>
            {
                var lent = references.Select(LentHandle.Of).ToArray();
                try
                {
                    await _handler!.OnMessageAsync(new ReceivedMessage(payload, lent, _caller), _closed.Token).ConfigureAwait(false);
                }
                finally
                {
                    foreach (var handle in lent)
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

    /// <summary>Receives the next message, waiting for it if need be.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The message; null when the object has closed the stream and everything is received.</returns>
    public async Task<TestMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        while (await _sent.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_sent.Reader.TryRead(out var message))
                return await TestMessage.OfAsync(_target.Host, message.Payload, message.References).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Receives what has been sent by now, without waiting.</summary>
    /// <returns>The messages.</returns>
    public async Task<IReadOnlyList<TestMessage>> ReceiveAllAsync()
    {
        var messages = new List<TestMessage>();
        while (_sent.Reader.TryRead(out var message))
            messages.Add(await TestMessage.OfAsync(_target.Host, message.Payload, message.References).ConfigureAwait(false));
        return messages;
    }

    /// <summary>Ends the stream: the object hears of it once, after its last message.</summary>
    /// <param name="reason">How it ends.</param>
    /// <returns>Completes when the object has heard.</returns>
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

    /// <summary>Ends the stream as a client that is done.</summary>
    /// <returns>Completes when the object has heard.</returns>
    public async ValueTask DisposeAsync() => await EndAsync().ConfigureAwait(false);

    /// <summary>The object at the other end.</summary>
    internal TestObject Target => _target;

    /// <summary>Whether the calling code runs in a turn that precedes the handler of the stream.</summary>
    internal bool IsOwnTurn => _turns.Own is not null;

    internal async Task OpenAsync(BidirectionalObjectType type, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        try
        {
            _handler = await _turns.RunAsync(async () => await type.ConnectAsync(_target.Instance, _way, either.Token).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"the type {type.Name} returned no message handler")).ConfigureAwait(false);
        }
        catch
        {
            await FailAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the stream after a failure. A further failure of the end is only logged.</summary>
    private async Task FailAsync()
    {
        try
        {
            await EndAsync(CloseReason.Failed).ConfigureAwait(false);
        }
        catch (PluginException failed)
        {
            TestLog.CloseFailed(_way.Logger, failed);
        }
    }

    /// <summary>The stream as the plugin sees it.</summary>
    private sealed class Way(TestStream stream, ILogger logger) : IMessageStream
    {
        public string StreamId { get; } = Guid.NewGuid().ToString("N");

        public Caller Caller => stream._caller;

        public CancellationToken Closed => stream._closed.Token;

        public ILogger Logger => logger;

        public void Send(ReadOnlyMemory<byte> payload, IReadOnlyList<object?> references)
        {
            // A lent handle is as good now as it has to be; what it stands for may be received later.
            if (!stream._sent.Writer.TryWrite((payload, [.. references.Select(static reference => reference is LentHandle lent ? lent.Require() : reference)])))
                throw new StreamClosedException();
        }

        // The plugin is in a turn, behind which the end has to wait.
        public void Close() => _ = stream.EndAsync(CloseReason.PluginClosed);
    }
}
