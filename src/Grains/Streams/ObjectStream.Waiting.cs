namespace Wharf.Grains.Streams;

/// <summary>The results of the calls of a stream.</summary>
internal sealed partial class ObjectStream : IStreamState
{
    private Task<StreamOutput> WaitAsync(long acknowledged, int window, bool isSend, CancellationToken cancellationToken)
    {
        var waiter = new StreamWaiter(isSend, window);
        bool dispatch;
        lock (_gate)
        {
            _lastContact = _time.GetTimestamp();
            var wasFull = _log.IsFull;
            if (_log.Acknowledge(acknowledged))
                ChargeQueues(added: 0);
            dispatch = wasFull && !_log.IsFull;
            _waiters.EndPreviousWait();
            waiter.Target = _input.Received;
            _waiters.Add(waiter, isSend && _log.Next > _log.First ? _limits.OutputDelay : GrainLimits.LongestWait);
        }

        // Continue with the messages that waited because the output log was full.
        if (dispatch && Dispatch())
            _turns.Begin();
        return _waiters.ResultOf(waiter, cancellationToken);
    }

    bool IStreamState.IsReady(StreamWaiter waiter)
    {
        if (_end is not null)
            return true;
        if (waiter.IsSend)
        {
            // With a full log, the rest of the batch waits until the caller has acknowledged output.
            return (_connected && _input.Handled >= waiter.Target) || _log.Bytes >= _limits.OutputBytes || _log.IsFull;
        }

        if (waiter.Window <= 0)
            return false;
        return _log.Next > _log.First || (_input.Handled != _reportedHandled && _input.Handled == _input.Received) || _connected != _reportedConnected;
    }

    StreamOutput IStreamState.Collect(StreamWaiter waiter)
    {
        var first = _log.First;
        var parts = _log.Read(waiter.Window);
        _reportedHandled = _input.Handled;
        _reportedConnected = _connected;
        var end = first + parts.Length == _log.Next || waiter.Window <= 0 ? _end : null;
        return new StreamOutput(first, parts, _input.Handled, _connected, end);
    }

    StreamOutput IStreamState.CollectNothing() => new(_log.First, [], _reportedHandled, _reportedConnected, null);
}
