using Microsoft.Extensions.Logging;

namespace Wharf.Plugins;

/// <summary>The way from an object to one of its clients. May be used from any thread, also outside of a message handler.</summary>
public interface IMessageStream
{
    /// <summary>The stream's identity, for logs.</summary>
    string StreamId { get; }

    /// <summary>Who is at the other end.</summary>
    Caller Caller { get; }

    /// <summary>A logger scoped to object, session and stream.</summary>
    ILogger Logger { get; }

    /// <summary>Cancelled when the stream has ended.</summary>
    CancellationToken Closed { get; }

    /// <summary>
    /// Sends a message. Never waits: a client that does not read loses its stream (RESOURCE_EXHAUSTED, <see cref="CloseReason.SlowConsumer"/>) once the messages
    /// queued for it exceed the stream's bound.
    /// </summary>
    /// <param name="payload">The bytes, not to be changed afterwards; with its envelope at most 104 857 600 bytes.</param>
    /// <param name="references">
    /// Objects that become new exports of the client's session, one each, the same object twice being two exports: an <see cref="IServerObject"/>, a .NET object that some
    /// type recognizes (a typed export), any other .NET object (an untyped one), or null.
    /// </param>
    /// <exception cref="StreamClosedException">The stream has ended.</exception>
    /// <exception cref="ArgumentException">The message is too large.</exception>
    void Send(ReadOnlyMemory<byte> payload, IReadOnlyList<object?> references);

    /// <summary>Sends a message without references.</summary>
    /// <param name="payload">The bytes, not to be changed afterwards.</param>
    /// <exception cref="StreamClosedException">The stream has ended.</exception>
    void Send(ReadOnlyMemory<byte> payload) => Send(payload, []);

    /// <summary>Ends the stream with OK after what was sent before. Further calls do nothing.</summary>
    void Close();
}

/// <summary>Who calls: given with every call into a plugin.</summary>
/// <param name="Identity">The user as the authentication handler named it.</param>
/// <param name="SessionId">The session; empty when another plugin object calls.</param>
/// <param name="Scheme">How the session logged in, for instance <c>Basic</c>.</param>
public sealed record Caller(string Identity, string SessionId, string Scheme)
{
    /// <summary>The roles of the session, by name; empty if the server has no roles, or if another plugin object calls.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];
}
