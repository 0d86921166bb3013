using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Wharf.Plugins.Tests.Shipped;

/// <summary>One stream of a test: what the plugin sends stays here until the test takes it.</summary>
internal sealed class TestStream : IMessageStream
{
    private readonly Queue<(byte[] Payload, IReadOnlyList<object?> References)> _sent = new();

    public IMessageHandler Handler { get; set; } = null!;

    public bool HasEnded { get; set; }

    public int Unread => _sent.Count;

    public string StreamId => "stream";

    public Caller Caller { get; } = new("someone", "session", "Basic");

    public ILogger Logger => NullLogger.Instance;

    public CancellationToken Closed => CancellationToken.None;

    public void Send(ReadOnlyMemory<byte> payload, IReadOnlyList<object?> references)
    {
        if (HasEnded)
            throw new StreamClosedException();
        _sent.Enqueue((payload.ToArray(), references));
    }

    public void Close() => HasEnded = true;

    public async Task HandleAsync(string payload, params IServerObject[] references) =>
        await Handler.OnMessageAsync(new ReceivedMessage(Encoding.UTF8.GetBytes(payload), references, Caller), CancellationToken.None);

    public (string Payload, IReadOnlyList<object?> References) Take()
    {
        (byte[] payload, IReadOnlyList<object?> references) = _sent.Dequeue();
        return (Encoding.UTF8.GetString(payload), references);
    }
}
