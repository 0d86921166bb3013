using System.Collections.Immutable;

namespace Wharf.Grains.Sharing;

/// <summary>
/// Orders the messages of a browser's stream. A message may arrive before its predecessors, and before the stream is open; it is kept until the gap is filled.
/// The half-close is the last message; later ones are rejected.
/// </summary>
internal sealed class BrowserSequencer(int maxMessages, long maxBytes)
{
    private readonly Dictionary<int, BrowserMessage> _waiting = [];
    private int _next;
    private int _expected;
    private int? _halfClose;
    private long _bytes;

    public bool IsOpen { get; private set; }

    public bool HasEnded { get; private set; }

    /// <exception cref="FaultException">INVALID_ARGUMENT: the stream was opened before. FAILED_PRECONDITION: the stream has ended.</exception>
    public void Open()
    {
        ThrowIfEnded();
        if (IsOpen)
            throw new FaultException(FaultCode.InvalidArgument, "The stream is open already");
        IsOpen = true;
    }

    /// <summary>Adds a message.</summary>
    /// <exception cref="FaultException">The message is rejected.</exception>
    public void Push(BrowserMessage message)
    {
        ThrowIfEnded();
        if (message.Sequence > _halfClose)
            throw new FaultException(FaultCode.Aborted, $"Sequence {message.Sequence} is after the half-close");
        if (message.HalfClose && _halfClose is not null)
            throw new FaultException(FaultCode.InvalidArgument, "The stream is half-closed already");
        if (message.Sequence < NextExpected())
            throw new FaultException(FaultCode.OutOfRange, $"Duplicate sequence {message.Sequence}");
        // A duplicate that arrived before its turn is ignored.
        if (_waiting.ContainsKey(message.Sequence))
            return;

        var bytes = message.HalfClose ? 0 : message.Request.Length;
        if (_waiting.Count >= maxMessages || (_waiting.Count > 0 && _bytes + bytes > maxBytes))
            throw new FaultException(FaultCode.ResourceExhausted, "The stream has too many unread messages");
        if (message.HalfClose)
            _halfClose = message.Sequence;
        _waiting.Add(message.Sequence, message with { Request = message.HalfClose ? default : message.Request });
        _bytes += bytes;
    }

    /// <summary>Returns the next messages without a gap.</summary>
    /// <param name="next">The sequence number of the first message; earlier ones are discarded.</param>
    public ImmutableArray<BrowserMessage> Read(int next)
    {
        for (; _next < next; _next++)
        {
            if (_waiting.Remove(_next, out var read))
                _bytes -= read.Request.Length;
        }

        var messages = ImmutableArray.CreateBuilder<BrowserMessage>();
        long bytes = 0;
        for (var sequence = _next; _waiting.TryGetValue(sequence, out var message); sequence++)
        {
            bytes += message.Request.Length;
            if (messages.Count > 0 && bytes > GrainLimits.BatchSize)
                break;
            messages.Add(message);
        }

        return messages.ToImmutable();
    }

    public void End()
    {
        HasEnded = true;
        _waiting.Clear();
    }

    // Messages without a gap count as delivered, even if the reader has not received them yet.
    private int NextExpected()
    {
        while (_waiting.ContainsKey(_expected) || _expected < _next)
            _expected++;
        return _expected;
    }

    private void ThrowIfEnded()
    {
        if (HasEnded)
            throw new FaultException(FaultCode.FailedPrecondition, "The stream has ended");
    }
}
