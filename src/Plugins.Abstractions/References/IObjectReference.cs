namespace Wharf.Plugins;

/// <summary>A reference to another plugin object, to which a message stream can be opened.</summary>
public interface IObjectReference : IServerObject
{
    /// <summary>Opens a message stream to the object, on any node.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The open stream; dispose it to end it.</returns>
    /// <exception cref="PluginException">
    /// The object is lost (DATA_LOSS), has no type (NOT_FOUND), waits for the running turn or is the object of that turn (FAILED_PRECONDITION), or refused the stream.
    /// </exception>
    ValueTask<IObjectConnection> ConnectAsync(CancellationToken cancellationToken = default);
}

/// <summary>The opener's end of a message stream from one plugin object to another.</summary>
public interface IObjectConnection : IAsyncDisposable
{
    /// <summary>Sends a message.</summary>
    /// <param name="payload">The bytes; they must not be modified afterwards.</param>
    /// <param name="references">As in <see cref="IMessageStream.Send(ReadOnlyMemory{byte}, IReadOnlyList{object?})"/>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the message is accepted for sending.</returns>
    /// <exception cref="StreamClosedException">The stream has ended.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> payload, IReadOnlyList<object?> references, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits for the next message. A handler that waits here for an object which itself waits for the handler's object fails with FAILED_PRECONDITION; every
    /// other wait ends after <c>Wharf:Plugins:ReplyTimeLimit</c> with DEADLINE_EXCEEDED. So two objects cannot deadlock.
    /// </summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The message, or null if the other side has closed the stream.</returns>
    /// <exception cref="PluginException">The stream failed, with the status of the failure.</exception>
    ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default);
}
