namespace Wharf.Grains.Objects;

/// <summary>A live plugin object or a table of this node, which exists while it has a holder.</summary>
/// <param name="reference">The reference to the object.</param>
/// <param name="time">The clock of the leases.</param>
internal abstract class HeldObject(ObjectReference reference, TimeProvider time)
{
    private readonly HolderSet _holders = new(time);

    /// <summary>The reference to the object.</summary>
    public ObjectReference Reference { get; protected set; } = reference;

    /// <summary>Whether the object has ended.</summary>
    public bool HasEnded => _holders.HasEnded;

    /// <summary>The names of the holders.</summary>
    public IReadOnlyList<string> Holders => _holders.Names();

    /// <summary>Adds a holder; see <see cref="HolderSet.TryAdd"/>.</summary>
    public bool TryHold(string holder, TimeSpan? lease = null) => _holders.TryAdd(holder, lease);

    /// <summary>Adds a holder if the object has an epoch.</summary>
    /// <exception cref="FaultException">DATA_LOSS: the object has ended. UNAVAILABLE: the object has another epoch.</exception>
    public void Hold(string holder, long epoch, TimeSpan? lease)
    {
        CheckEpoch(epoch);
        if (!TryHold(holder, lease))
            throw ObjectFaults.Gone(Reference.ObjectId);
    }

    /// <summary>Throws if the object has another epoch.</summary>
    /// <exception cref="FaultException">UNAVAILABLE.</exception>
    public void CheckEpoch(long epoch)
    {
        if (epoch != Reference.Epoch)
            throw ObjectFaults.OtherEpoch(Reference.ObjectId, epoch, Reference.Epoch);
    }

    /// <summary>Removes a holder, and ends the object if it was the last.</summary>
    public void Release(string holder)
    {
        if (_holders.Remove(holder))
            OnEnded();
    }

    /// <summary>Removes the holders whose lease has expired.</summary>
    public void ReleaseExpired()
    {
        if (_holders.RemoveExpired())
            OnEnded();
    }

    /// <summary>Calls an action with the name of each holder; see <see cref="HolderSet.ForEach"/>.</summary>
    public void ForEachHolder(Action<string> action) => _holders.ForEach(action);

    /// <summary>Removes the holders that are lost.</summary>
    /// <returns>The number of removed holders.</returns>
    public int ReleaseLost(Predicate<string> isLost)
    {
        if (_holders.RemoveLost(isLost, out var removed))
            OnEnded();
        return removed;
    }

    /// <summary>Ends the object regardless of its holders: its node is shutting down.</summary>
    public void End()
    {
        if (_holders.End())
            OnEnded();
    }

    /// <summary>Called once, when the object has ended.</summary>
    protected abstract void OnEnded();
}
