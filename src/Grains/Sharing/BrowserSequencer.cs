using System.Collections.Immutable;

namespace Wharf.Grains.Sharing;

/// <summary>
/// Puts the messages of a browser's stream in order. A message may come before those that precede it, and before the stream is open; gaps wait. The half-close is the last
/// message; what lies beyond it is refused.
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

    /// <exception cref="FaultException">INVALID_ARGUMENT: it was open before. FAILED_PRECONDITION: it has ended.</exception>
    public void Open()
    {
        RequireGoingOn();
        if (IsOpen)
            throw new FaultException(FaultCode.InvalidArgument, "The stream is open already");
        IsOpen = true;
    }

    /// <summary>Takes a message.</summary>
    /// <exception cref="FaultException">It is refused.</exception>
    public void Push(BrowserMessage message)
    {
        RequireGoingOn();
        if (message.Sequence > _halfClose)
            throw new FaultException(FaultCode.Aborted, $"Sequence {message.Sequence} lies beyond the half-close");
        if (message.HalfClose && _halfClose is not null)
            throw new FaultException(FaultCode.InvalidArgument, "The stream is half-closed already");
        if (message.Sequence < NextExpected())
            throw new FaultException(FaultCode.OutOfRange, $"Duplicate sequence {message.Sequence}");
        // It came twice before its turn: it counts once.
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

    /// <summary>The messages that are there, from one on and without a gap.</summary>
    /// <param name="next">The first that is wanted; all below it are forgotten.</param>
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

    // What has come without a gap counts as handed on, although its reader may not have taken it yet.
    private int NextExpected()
    {
        while (_waiting.ContainsKey(_expected) || _expected < _next)
            _expected++;
        return _expected;
    }

    private void RequireGoingOn()
    {
        if (HasEnded)
            throw new FaultException(FaultCode.FailedPrecondition, "The stream has ended");
    }
}
