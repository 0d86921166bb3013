namespace Wharf.Plugins;

/// <summary>Receives the messages of one stream, in the order in which they were sent. The next message is delivered after the handler has returned.</summary>
public interface IMessageHandler
{
    /// <summary>Handles a message. An exception ends the stream with INVALID_ARGUMENT and its message, a <see cref="PluginException"/> with its own status.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancelled when the stream ends or the handler is over its time limit.</param>
    /// <returns>Completes when the next message may be delivered.</returns>
    ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken);

    /// <summary>Handles the end of the stream. Called exactly once, after the last message.</summary>
    /// <param name="reason">The reason of the end.</param>
    /// <param name="cancellationToken">Cancelled when the server no longer waits.</param>
    /// <returns>Completes when the object no longer uses the stream.</returns>
    ValueTask OnClosedAsync(CloseReason reason, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>A message that a plugin receives.</summary>
/// <param name="Payload">The bytes; the plugin may keep them.</param>
/// <param name="References">The objects sent with the message, held until the handler returns; see <see cref="IServerObject.KeepAsync"/>.</param>
/// <param name="Caller">The sender.</param>
public sealed record ReceivedMessage(ReadOnlyMemory<byte> Payload, IReadOnlyList<IServerObject> References, Caller Caller);

/// <summary>The reason of a stream's end.</summary>
public enum CloseReason
{
    /// <summary>The client closed the stream, and all of its messages were handled.</summary>
    ClientClosed = 0,

    /// <summary>The client cancelled its call or its connection broke.</summary>
    ClientCancelled = 1,

    /// <summary>The plugin closed the stream.</summary>
    PluginClosed = 2,

    /// <summary>The client's session was closed or expired.</summary>
    SessionEnded = 3,

    /// <summary>A handler failed, a reference did not resolve, or the client broke the protocol.</summary>
    Failed = 4,

    /// <summary>The client did not read the messages that were sent to it.</summary>
    SlowConsumer = 5,

    /// <summary>The node that served the client was lost.</summary>
    NodeLost = 6,

    /// <summary>The server is stopping.</summary>
    Shutdown = 7,
}
