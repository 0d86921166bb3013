using Microsoft.Extensions.Logging;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Objects;

/// <summary>Holds objects of any node for the plugin code of this node.</summary>
internal sealed partial class ObjectHolds(LiveObjects objects, TableStore tables, IGrainFactory grains, NodeIdentity node, ILogger<ObjectHolds> logger) : ILocalObjects
{
    private long _names;

    /// <summary>Holds an object of this node.</summary>
    /// <returns>The hold, or null if the object has ended.</returns>
    public ObjectHold? TryHoldLocal(HeldObject held)
    {
        var holder = NewName();
        return held.TryHold(holder) ? new ObjectHold(held.Reference, () => held.Release(holder)) : null;
    }

    /// <summary>Holds an object.</summary>
    /// <exception cref="FaultException">The object does not exist any more.</exception>
    public async Task<ObjectHold> HoldAsync(ObjectReference reference, CancellationToken cancellationToken)
    {
        if (!reference.IsLive)
            return new ObjectHold(reference, static () => { });
        if (Find(reference) is { } held)
            return TryHoldLocal(held) ?? throw ObjectFaults.Gone(reference.ObjectId);

        var holder = NewName();
        await Grain(reference).HoldAsync(holder, reference.Epoch, null, cancellationToken).ConfigureAwait(false);
        return new ObjectHold(reference, () => Release(reference, holder));
    }

    /// <summary>
    /// Takes over the hold of a message for this node. An object on another node is then held under a name of this node, so that the hold is released if this
    /// node is lost.
    /// </summary>
    public ObjectHold Adopt(ObjectReference reference, string holder)
    {
        if (!reference.IsLive)
            return new ObjectHold(reference, static () => { });
        if (Find(reference) is { } held)
        {
            // The sender may have acquired the name with a lease.
            held.TryHold(holder);
            return new ObjectHold(reference, () => held.Release(holder));
        }

        var name = NewName();
        var taken = TakeOverAsync(reference, holder, name);
        return new ObjectHold(reference, () => _ = ReleaseAfterAsync(taken, reference, holder, name));
    }

    /// <summary>Creates a hold from a name of this node under which the object is held already.</summary>
    public ObjectHold Claim(ObjectReference reference, string name)
    {
        if (!reference.IsLive)
            return new ObjectHold(reference, static () => { });
        return Find(reference) is { } held ? new ObjectHold(reference, () => held.Release(name)) : new ObjectHold(reference, () => Release(reference, name));
    }

    /// <inheritdoc/>
    public HeldObject? Find(ObjectReference reference) =>
        reference.Kind == ObjectKind.Table ? tables.Find(reference.ObjectId) : objects.Find(reference.ObjectId);

    /// <summary>Returns the grain of an object.</summary>
    public IHeldGrain Grain(ObjectReference reference) => reference.Kind == ObjectKind.Table
        ? grains.GetGrain<ITableGrain>(reference.ObjectId)
        : grains.GetGrain<IPluginObjectGrain>(reference.ObjectId);

    /// <summary>Creates a holder name of this node that was never used before.</summary>
    public string NewName() => Holder.OfNode(node.Silo, Interlocked.Increment(ref _names));

    private void Release(ObjectReference reference, string holder) => _ = TryAsync(Grain(reference).LetGoAsync(holder), reference, holder);

    /// <returns>Whether the object is held under the new name; otherwise the old hold is unchanged.</returns>
    private async Task<bool> TakeOverAsync(ObjectReference reference, string holder, string name)
    {
        if (!await TryAsync(Grain(reference).HoldAsync(name, reference.Epoch, null), reference, name).ConfigureAwait(false))
            return false;
        Release(reference, holder);
        return true;
    }

    private async Task ReleaseAfterAsync(Task<bool> taken, ObjectReference reference, string holder, string name)
    {
        // A failed call may still have been executed.
        if (!await taken.ConfigureAwait(false))
            Release(reference, holder);
        Release(reference, name);
    }

    private async Task<bool> TryAsync(Task call, ObjectReference reference, string holder)
    {
        try
        {
            await call.ConfigureAwait(false);
            return true;
        }
        catch (Exception lost)
        {
            // The object is lost with its node, or its node does not answer and releases the holds of this node when it learns of the loss.
            LogUpdateFailed(lost, reference.ObjectId, holder);
            return false;
        }
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Debug, Message = "Failed to update the holder {Holder} of {ObjectId}; the hold ends with this node")]
    private partial void LogUpdateFailed(Exception exception, string objectId, string holder);
}
