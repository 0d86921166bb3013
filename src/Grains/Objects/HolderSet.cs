namespace Wharf.Grains.Objects;

/// <summary>The holders of an object. The object is created with its first holder and ends, permanently, with its last.</summary>
/// <param name="time">The clock of the leases.</param>
internal sealed class HolderSet(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _holders = [];
    private bool _ended;

    /// <summary>Whether the object has ended.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
                return _ended;
        }
    }

    /// <summary>Adds or renews a holder.</summary>
    /// <param name="holder">The name of the holder.</param>
    /// <param name="lease">The time after which the hold expires unless it is renewed; null for no expiry. A hold without a lease never gets one later.</param>
    /// <returns>False if the object has ended.</returns>
    public bool TryAdd(string holder, TimeSpan? lease = null)
    {
        var until = lease is { } limited ? time.GetTimestamp() + (long)(limited.TotalSeconds * time.TimestampFrequency) : long.MaxValue;
        lock (_gate)
        {
            if (_ended)
                return false;
            _holders[holder] = _holders.TryGetValue(holder, out var before) ? Math.Max(before, until) : until;
            return true;
        }
    }

    /// <summary>Removes a holder.</summary>
    /// <param name="holder">The name of the holder.</param>
    /// <returns>True if this was the last holder: the object has ended.</returns>
    public bool Remove(string holder)
    {
        lock (_gate)
            return _holders.Remove(holder) && EndIfEmpty();
    }

    /// <summary>Removes the holders whose lease has expired.</summary>
    /// <returns>True if no holder is left: the object has ended.</returns>
    public bool RemoveExpired()
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            List<string>? expired = null;
            foreach (var (holder, until) in _holders)
            {
                if (until <= now)
                    (expired ??= []).Add(holder);
            }

            if (expired is null)
                return false;
            foreach (var holder in expired)
                _holders.Remove(holder);
            return EndIfEmpty();
        }
    }

    /// <summary>Calls an action with the name of each holder, under the lock; the action must be fast.</summary>
    public void ForEach(Action<string> action)
    {
        lock (_gate)
        {
            foreach (var holder in _holders.Keys)
                action(holder);
        }
    }

    /// <summary>Removes the holders that are lost.</summary>
    /// <param name="isLost">Returns whether the holder of a name is lost.</param>
    /// <param name="removed">The number of removed holders.</param>
    /// <returns>True if no holder is left: the object has ended.</returns>
    public bool RemoveLost(Predicate<string> isLost, out int removed)
    {
        lock (_gate)
        {
            removed = 0;
            foreach (var holder in _holders.Keys)
            {
                // A dictionary permits the removal of entries during its enumeration.
                if (isLost(holder) && _holders.Remove(holder))
                    removed++;
            }

            return removed > 0 && EndIfEmpty();
        }
    }

    /// <summary>Ends the object regardless of its holders.</summary>
    /// <returns>False if it had ended.</returns>
    public bool End()
    {
        lock (_gate)
        {
            if (_ended)
                return false;
            _holders.Clear();
            return _ended = true;
        }
    }

    /// <summary>Copies the names of the holders.</summary>
    /// <returns>The names, sorted.</returns>
    public IReadOnlyList<string> Names()
    {
        lock (_gate)
            return [.. _holders.Keys.Order(StringComparer.Ordinal)];
    }

    private bool EndIfEmpty() => !_ended && _holders.Count == 0 && (_ended = true);
}
