namespace Wharf.Grains.Objects;

/// <summary>Who holds an object. It is born with its first holder and ends, for ever, with its last.</summary>
/// <param name="time">The clock of the leases.</param>
internal sealed class HolderSet(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _holders = [];
    private bool _ended;

    /// <summary>Whether the last holder let go.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
                return _ended;
        }
    }

    /// <summary>Adds or renews a holder.</summary>
    /// <param name="holder">The name.</param>
    /// <param name="lease">How long the hold lasts unless renewed; null for as long as it is not let go. A hold without a lease never gets one later.</param>
    /// <returns>False when the object has ended.</returns>
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

    /// <summary>Lets go.</summary>
    /// <param name="holder">The name.</param>
    /// <returns>True when this was the last holder: the object has ended.</returns>
    public bool Remove(string holder)
    {
        lock (_gate)
            return _holders.Remove(holder) && EndIfEmpty();
    }

    /// <summary>Forgets holders whose lease ran out.</summary>
    /// <returns>True when the last of them was the last holder.</returns>
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

    /// <summary>Shows every holder's name to someone who is quick about it.</summary>
    public void Visit(Action<string> visit)
    {
        lock (_gate)
        {
            foreach (var holder in _holders.Keys)
                visit(holder);
        }
    }

    /// <summary>Forgets the holders that are lost.</summary>
    /// <param name="isLost">Says of a name whether its holder is.</param>
    /// <param name="removed">How many were.</param>
    /// <returns>True when the last of them was the last holder.</returns>
    public bool RemoveLost(Predicate<string> isLost, out int removed)
    {
        lock (_gate)
        {
            removed = 0;
            foreach (var holder in _holders.Keys)
            {
                // A dictionary may be enumerated while entries are taken away.
                if (isLost(holder) && _holders.Remove(holder))
                    removed++;
            }

            return removed > 0 && EndIfEmpty();
        }
    }

    /// <summary>Ends the object whoever holds it.</summary>
    /// <returns>False when it had ended.</returns>
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

    /// <summary>Copies the names.</summary>
    /// <returns>The names, sorted.</returns>
    public IReadOnlyList<string> Names()
    {
        lock (_gate)
            return [.. _holders.Keys.Order(StringComparer.Ordinal)];
    }

    private bool EndIfEmpty() => !_ended && _holders.Count == 0 && (_ended = true);
}
