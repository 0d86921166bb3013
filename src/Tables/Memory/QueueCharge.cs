namespace Wharf.Tables;

/// <summary>
/// Charges the bytes of a queue to a session, in steps: a short queue is free, and a change by one message needs no call. Not thread-safe;
/// guarded by the lock of the queue.
/// </summary>
/// <param name="accountant">The accountant of the node.</param>
/// <param name="session">The id of the session that pays.</param>
public sealed class QueueCharge(MemoryAccountant accountant, string session)
{
    private const long Step = 32 * 1024;

    private MemoryCharge? _charge;
    private long _charged;

    /// <summary>Sets the size of the queue.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>False if a budget would be exceeded; then nothing has changed.</returns>
    public bool TrySet(long bytes)
    {
        if (_charge is null ? bytes <= Step : bytes <= _charged && bytes > _charged / 2)
            return true;
        if (bytes <= Step)
        {
            Close();
            return true;
        }

        long target = ((bytes + Step - 1) / Step * Step) + Step;
        var charge = _charge ?? accountant.Open(MemoryUse.Queues, session);
        if (!charge.TryAdd(target - _charged))
        {
            if (_charge is null)
                charge.Dispose();
            return false;
        }

        (_charge, _charged) = (charge, target);
        return true;
    }

    /// <summary>Returns all bytes. The charge can be used again.</summary>
    public void Close()
    {
        _charge?.Dispose();
        (_charge, _charged) = (null, 0);
    }

    /// <summary>The error text for the client whose messages are rejected.</summary>
    public string Refusal => MemoryErrors.OfQueue(accountant.Limits);
}
