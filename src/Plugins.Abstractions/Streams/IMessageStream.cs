using Microsoft.Extensions.Logging;

namespace Wharf.Plugins;

/// <summary>The stream from an object to one of its clients. Thread-safe; it may be used outside of a message handler.</summary>
public interface IMessageStream
{
    /// <summary>The id of the stream, for logs.</summary>
    string StreamId { get; }

    /// <summary>The caller at the other end.</summary>
    Caller Caller { get; }

    /// <summary>A logger scoped to object, session and stream.</summary>
    ILogger Logger { get; }

    /// <summary>Cancelled when the stream has ended.</summary>
    CancellationToken Closed { get; }

    /// <summary>
    /// Sends a message without waiting. If the messages queued for a client exceed the bound of the stream, the stream ends with RESOURCE_EXHAUSTED
    /// (<see cref="CloseReason.SlowConsumer"/>).
    /// </summary>
    /// <param name="payload">The bytes, which must not be modified afterwards; with the envelope at most 104 857 600 bytes.</param>
    /// <param name="references">
    /// Objects that become new exports of the client's session. The same object twice becomes two exports. A reference is an <see cref="IServerObject"/>, a .NET object that a
    /// type recognizes (a typed export), any other .NET object (an untyped export), or null.
    /// </param>
    /// <exception cref="StreamClosedException">The stream has ended.</exception>
    /// <exception cref="ArgumentException">The message is too large.</exception>
    void Send(ReadOnlyMemory<byte> payload, IReadOnlyList<object?> references);

    /// <summary>Sends a message without references.</summary>
    /// <param name="payload">The bytes; they must not be modified afterwards.</param>
    /// <exception cref="StreamClosedException">The stream has ended.</exception>
    void Send(ReadOnlyMemory<byte> payload) => Send(payload, []);

    /// <summary>Ends the stream with OK after the messages sent before. Further calls do nothing.</summary>
    void Close();
}

/// <summary>The caller of a call into a plugin.</summary>
/// <param name="Identity">The name of the user, from the authentication handler.</param>
/// <param name="SessionId">The session; empty if the caller is another plugin object.</param>
/// <param name="Scheme">The login scheme of the session, for instance <c>Basic</c>.</param>
public sealed record Caller(string Identity, string SessionId, string Scheme)
{
    /// <summary>The roles of the session, by name; empty if the server has no roles, or if the caller is another plugin object.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];
}
