using System.Diagnostics.CodeAnalysis;

namespace Wharf.Grains.Streams;

/// <summary>
/// The messages of a client on one stream: received parts, complete messages that are not queued as turns yet, and the half-close. Not thread-safe; guarded by the lock of the
/// stream.
/// </summary>
/// <typeparam name="T">The turn of a message.</typeparam>
internal sealed class StreamInput<T>
    where T : class
{
    private readonly Queue<T> _pending = new();
    private readonly MessageAssembler _assembler = new();
    private int _unhandled;
    private long _messages;
    private bool _isHalfClosed;
    private bool _isHalfCloseTaken;

    /// <summary>The number of the next expected part.</summary>
    public long Received { get; private set; }

    /// <summary>All parts below this number have been handled.</summary>
    public long Handled { get; private set; }

    /// <summary>The bytes that are received and not handled.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether a message or the half-close can be taken.</summary>
    public bool HasPending => _pending.Count > 0 || (_isHalfClosed && !_isHalfCloseTaken);

    /// <summary>Receives the next part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="isCounted">Whether the bytes are counted until the message is handled.</param>
    /// <returns>The payload and the index of the message if the part is its last; otherwise null.</returns>
    public (ReadOnlyMemory<byte> Payload, long Index)? Receive(StreamPart part, bool isCounted)
    {
        Received++;
        if (isCounted)
            Bytes += part.Bytes.Length;
        return _assembler.Add(part) is { } payload ? (payload, _messages++) : null;
    }

    /// <summary>Adds the turn of a message.</summary>
    public void Add(T turn)
    {
        _unhandled++;
        _pending.Enqueue(turn);
    }

    /// <summary>Records the half-close, which follows all messages.</summary>
    public void HalfClose() => _isHalfClosed = true;

    /// <summary>Takes the next message.</summary>
    public bool TryTake([NotNullWhen(true)] out T? turn) => _pending.TryDequeue(out turn);

    /// <summary>Takes the half-close once, when no message is pending.</summary>
    public bool TryTakeHalfClose()
    {
        if (!_isHalfClosed || _isHalfCloseTaken || _pending.Count > 0)
            return false;
        return _isHalfCloseTaken = true;
    }

    /// <summary>Records that a message has been handled.</summary>
    /// <param name="end">The number after its last part.</param>
    /// <param name="bytes">The bytes that are no longer counted.</param>
    public void Complete(long end, int bytes)
    {
        Handled = end;
        _unhandled--;
        Bytes -= bytes;
        CountPartsAsHandled();
    }

    /// <summary>
    /// Parts of an incomplete message are never handled by a turn. If no message is unhandled, they count as handled, so that the caller sends the rest.
    /// </summary>
    public void CountPartsAsHandled()
    {
        if (_unhandled == 0)
            Handled = Received;
    }

    /// <summary>Discards all parts and pending messages: the stream has ended.</summary>
    /// <param name="discarded">Called with the turn of each discarded message.</param>
    public void Discard(Action<T> discarded)
    {
        while (_pending.TryDequeue(out var turn))
            discarded(turn);
        _assembler.Clear();
        Bytes = 0;
    }
}
