using System.Diagnostics.CodeAnalysis;
using Wharf.Grains;
using Wharf.Tables;

namespace Wharf.Gateway.Streams;

/// <summary>The queue of received messages that are not sent yet. It is bounded in messages and bytes, but accepts a single message of any length. It has one writer and one reader.</summary>
internal sealed class StreamInbox(int maxMessages, int maxBytes, PumpSignal arrival, QueueCharge charge) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<InboundMessage> _messages = new();
    private long _bytes;
    private bool _complete;
    private bool _isClosed;
    private TaskCompletionSource? _room;

    /// <summary>Adds a message. The task completes when there is room for another. The caller signals the arrival, after it has added all available messages; a full queue signals by itself.</summary>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: the message exceeds the memory budget of the session.</exception>
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

    /// <summary>Marks the input as complete.</summary>
    public void Complete()
    {
        lock (_lock)
            _complete = true;
        arrival.Set();
    }

    /// <summary>Whether a message is available or the input is complete.</summary>
    public bool IsReadable
    {
        get
        {
            lock (_lock)
                return _complete || _messages.Count > 0;
        }
    }

    /// <summary>Whether the input is complete and all messages were taken.</summary>
    public bool IsDone
    {
        get
        {
            lock (_lock)
                return _complete && _messages.Count == 0;
        }
    }

    /// <summary>Returns the next message without removing it.</summary>
    public bool TryPeek([NotNullWhen(true)] out InboundMessage? message)
    {
        lock (_lock)
            return _messages.TryPeek(out message);
    }

    /// <summary>Takes the next message if its references are resolved.</summary>
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

    /// <summary>Takes the next message, even if its references are not resolved.</summary>
    public InboundMessage Take()
    {
        InboundMessage message;
        TaskCompletionSource? room = null;
        lock (_lock)
            Remove(message = _messages.Peek(), ref room);
        room?.TrySetResult();
        return message;
    }

    /// <summary>Returns the memory of messages that were not taken.</summary>
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
