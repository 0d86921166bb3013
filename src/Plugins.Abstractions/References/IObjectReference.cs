namespace Wharf.Plugins;

/// <summary>Another plugin object: something to open a message stream to.</summary>
public interface IObjectReference : IServerObject
{
    /// <summary>Opens a message stream to the object, wherever it lives.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The open stream; dispose it to end it.</returns>
    /// <exception cref="PluginException">
    /// The object is gone (DATA_LOSS), has no type (NOT_FOUND), waits for the running turn or is the object of that turn (FAILED_PRECONDITION), or refused.
    /// </exception>
    ValueTask<IObjectConnection> ConnectAsync(CancellationToken cancellationToken = default);
}

/// <summary>A message stream from one plugin object to another, seen from the one that opened it.</summary>
public interface IObjectConnection : IAsyncDisposable
{
    /// <summary>Sends a message.</summary>
    /// <param name="payload">The bytes, not to be changed afterwards.</param>
    /// <param name="references">As in <see cref="IMessageStream.Send(ReadOnlyMemory{byte}, IReadOnlyList{object?})"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when the message is on its way.</returns>
    /// <exception cref="StreamClosedException">The stream has ended.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> payload, IReadOnlyList<object?> references, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits for the next message. A handler that waits here for an object which itself waits for the handler's object fails with FAILED_PRECONDITION; every
    /// other wait ends after <c>Wharf:Plugins:ReplyTimeLimit</c> with DEADLINE_EXCEEDED. Two objects never wait for each other for ever.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The message, or null when the other side closed the stream.</returns>
    /// <exception cref="PluginException">The stream failed, with the status of the failure.</exception>
    ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default);
}
