namespace Wharf.Gateway.Streams;

/// <summary>
/// Decides when a stream pulls output. It delays the pull after a batch, because the client often sends the next message first, and beside a batch, because the result of the batch may
/// arrive before the output.
/// </summary>
internal sealed class PullScheduler(PullDelay delay, PumpSignal signal) : PullDelay.IDelayedPull
{
    private bool _followsBatch;
    private volatile int _batchesSent;
    private int _batchesSeen;
    private volatile bool _isDelayed;
    private volatile bool _isDue;

    /// <summary>Records that a batch is sent: a delay starts again.</summary>
    public void OnBatchSent()
    {
        _isDue = false;
        _batchesSent++;
    }

    /// <summary>Records that a batch has completed.</summary>
    public void OnBatchCompleted() => _followsBatch = true;

    /// <summary>Delays the pull. The signal is set when it is due.</summary>
    /// <param name="besideBatch">Whether a batch is in flight.</param>
    /// <param name="canSend">Whether another batch could be sent.</param>
    /// <returns>False if the pull is due.</returns>
    public bool TryDelay(bool besideBatch, bool canSend)
    {
        if (_isDue || !(besideBatch || (_followsBatch && canSend)))
        {
            _followsBatch = false;
            return false;
        }

        if (!_isDelayed)
        {
            _batchesSeen = _batchesSent;
            _isDelayed = true;
            delay.Add(this);
        }

        return true;
    }

    /// <inheritdoc/>
    bool PullDelay.IDelayedPull.TryExtend()
    {
        var sent = _batchesSent;
        if (sent != _batchesSeen)
        {
            _batchesSeen = sent;
            return true;
        }

        _isDue = true;
        _isDelayed = false;
        signal.Set();
        return false;
    }
}
