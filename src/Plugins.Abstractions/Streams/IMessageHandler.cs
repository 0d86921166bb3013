namespace Wharf.Plugins;

/// <summary>What receives the messages of one stream, in the order in which they were sent; the next comes after the handler returned.</summary>
public interface IMessageHandler
{
    /// <summary>A message has come. What this throws ends the stream with INVALID_ARGUMENT and its message, a <see cref="PluginException"/> with its own status.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancelled when the stream ends or the handler's time is over.</param>
    /// <returns>Completes when the next message may come.</returns>
    ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken);

    /// <summary>The stream has ended. Called exactly once, after the last message, however it ended.</summary>
    /// <param name="reason">How it ended.</param>
    /// <param name="cancellationToken">Cancelled when the server gives up waiting.</param>
    /// <returns>Completes when the object is done with the stream.</returns>
    ValueTask OnClosedAsync(CloseReason reason, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>A message as it reaches a plugin.</summary>
/// <param name="Payload">The bytes; good for as long as the plugin keeps them.</param>
/// <param name="References">The objects sent along, held until the handler returns; see <see cref="IServerObject.KeepAsync"/>.</param>
/// <param name="Caller">Who sent it.</param>
public sealed record ReceivedMessage(ReadOnlyMemory<byte> Payload, IReadOnlyList<IServerObject> References, Caller Caller);

/// <summary>How a stream ended.</summary>
public enum CloseReason
{
    /// <summary>The client said that it is done, and everything that it had sent was handled.</summary>
    ClientClosed = 0,

    /// <summary>The client cancelled its call or its connection broke.</summary>
    ClientCancelled = 1,

    /// <summary>The plugin closed the stream.</summary>
    PluginClosed = 2,

    /// <summary>The client's session was closed or expired.</summary>
    SessionEnded = 3,

    /// <summary>A handler failed, a reference did not resolve, or the client broke the protocol.</summary>
    Failed = 4,

    /// <summary>The client did not read what was sent to it.</summary>
    SlowConsumer = 5,

    /// <summary>The node that served the client is gone.</summary>
    NodeLost = 6,

    /// <summary>The server stops.</summary>
    Shutdown = 7,
}
