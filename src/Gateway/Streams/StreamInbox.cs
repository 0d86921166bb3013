using System.Diagnostics.CodeAnalysis;
using Wharf.Grains;
using Wharf.Tables;

namespace Wharf.Gateway.Streams;

/// <summary>What a stream has received and not handed on yet: bounded in messages and bytes, but for one message, which always fits. One writer, one reader.</summary>
internal sealed class StreamInbox(int maxMessages, int maxBytes, PumpSignal arrival, QueueCharge charge) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<InboundMessage> _messages = new();
    private long _bytes;
    private bool _complete;
    private bool _isClosed;
    private TaskCompletionSource? _room;

    /// <summary>Adds a message; completes when there is room for another. Its arrival is for the writer to tell, which may have more; it is told here when there is no room.</summary>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: the session may not use the memory.</exception>
    public Task WriteAsync(InboundMessage message, CancellationToken cancellationToken)
    {
        TaskCompletionSource? room = null;
        lock (_lock)
        {
            if (!_isClosed && !charge.TrySet(_bytes + message.Payload.Length))
                throw new FaultException(FaultCode.ResourceExhausted, charge.Refusal);
            _messages.Enqueue(message);
            _bytes += message.Payload.Length;
            if (IsFull)
                room = _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        if (room is null)
            return Task.CompletedTask;
        arrival.Set();
        return room.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Nothing more comes.</summary>
    public void Complete()
    {
        lock (_lock)
            _complete = true;
        arrival.Set();
    }

    /// <summary>Whether there is something to take, or never will be.</summary>
    public bool HasNews
    {
        get
        {
            lock (_lock)
                return _complete || _messages.Count > 0;
        }
    }

    /// <summary>Whether the writer has said its last word and all of it was taken.</summary>
    public bool IsDone
    {
        get
        {
            lock (_lock)
                return _complete && _messages.Count == 0;
        }
    }

    /// <summary>The next message, which stays.</summary>
    public bool TryPeek([NotNullWhen(true)] out InboundMessage? message)
    {
        lock (_lock)
            return _messages.TryPeek(out message);
    }

    /// <summary>Takes the next message if it can go.</summary>
    public bool TryTake([NotNullWhen(true)] out InboundMessage? message)
    {
        TaskCompletionSource? room = null;
        lock (_lock)
        {
            if (!_messages.TryPeek(out message))
                return false;
            if (!message.IsReady)
            {
                message = null;
                return false;
            }
            Remove(message, ref room);
        }
        room?.TrySetResult();
        return true;
    }

    /// <summary>Takes the next message, whether its references are known or not.</summary>
    public InboundMessage Take()
    {
        InboundMessage message;
        TaskCompletionSource? room = null;
        lock (_lock)
            Remove(message = _messages.Peek(), ref room);
        room?.TrySetResult();
        return message;
    }

    /// <summary>Returns the memory of messages that nobody takes any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            charge.Close();
        }
    }

    private void Remove(InboundMessage message, ref TaskCompletionSource? room)
    {
        _messages.Dequeue();
        _bytes -= message.Payload.Length;
        if (!_isClosed)
            charge.TrySet(_bytes);
        if (IsFull)
            return;
        room = _room;
        _room = null;
    }

    private bool IsFull => _messages.Count >= maxMessages || _bytes >= maxBytes;
}
