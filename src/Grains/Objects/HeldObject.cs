namespace Wharf.Grains.Objects;

/// <summary>Something of this node that lives while it is held: a live plugin object or a table.</summary>
/// <param name="reference">Its name in the cluster.</param>
/// <param name="time">The clock of the leases.</param>
internal abstract class HeldObject(ObjectReference reference, TimeProvider time)
{
    private readonly HolderSet _holders = new(time);

    /// <summary>Its name in the cluster.</summary>
    public ObjectReference Reference { get; protected set; } = reference;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _holders.HasEnded;

    /// <summary>Who holds it.</summary>
    public IReadOnlyList<string> Holders => _holders.Names();

    /// <summary>Holds it; see <see cref="HolderSet.TryAdd"/>.</summary>
    public bool TryHold(string holder, TimeSpan? lease = null) => _holders.TryAdd(holder, lease);

    /// <summary>Holds it for a caller that means one certain life of it.</summary>
    /// <exception cref="FaultException">DATA_LOSS: it has ended. UNAVAILABLE: another life is meant.</exception>
    public void Hold(string holder, long epoch, TimeSpan? lease)
    {
        CheckEpoch(epoch);
        if (!TryHold(holder, lease))
            throw ObjectFaults.Gone(Reference.ObjectId);
    }

    /// <summary>Refuses a message for another life of the object.</summary>
    /// <exception cref="FaultException">UNAVAILABLE.</exception>
    public void CheckEpoch(long epoch)
    {
        if (epoch != Reference.Epoch)
            throw ObjectFaults.OtherEpoch(Reference.ObjectId, epoch, Reference.Epoch);
    }

    /// <summary>Lets go, and ends it if that was the last holder.</summary>
    public void LetGo(string holder)
    {
        if (_holders.Remove(holder))
            OnEnded();
    }

    /// <summary>Lets go for holders whose lease ran out.</summary>
    public void LetGoExpired()
    {
        if (_holders.RemoveExpired())
            OnEnded();
    }

    /// <summary>Shows every holder's name; see <see cref="HolderSet.Visit"/>.</summary>
    public void VisitHolders(Action<string> visit) => _holders.Visit(visit);

    /// <summary>Lets go for holders that are lost.</summary>
    /// <returns>How many there were.</returns>
    public int LetGoLost(Predicate<string> isLost)
    {
        if (_holders.RemoveLost(isLost, out var removed))
            OnEnded();
        return removed;
    }

    /// <summary>Ends it whoever holds it: its node stops.</summary>
    public void End()
    {
        if (_holders.End())
            OnEnded();
    }

    /// <summary>Called once, when it has ended.</summary>
    protected abstract void OnEnded();
}
