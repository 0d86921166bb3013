using Microsoft.Extensions.Logging;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Objects;

/// <summary>Holds objects for this node's plugin code, wherever they live.</summary>
internal sealed partial class ObjectHolds(LiveObjects objects, TableStore tables, IGrainFactory grains, NodeIdentity node, ILogger<ObjectHolds> logger) : IObjectsHere
{
    private long _names;

    /// <summary>Holds an object of this node.</summary>
    /// <returns>The hold, or null when the object has ended.</returns>
    public ObjectHold? TryHoldHere(HeldObject held)
    {
        var holder = NewName();
        return held.TryHold(holder) ? new ObjectHold(held.Reference, () => held.LetGo(holder)) : null;
    }

    /// <summary>Holds an object.</summary>
    /// <exception cref="FaultException">The object is gone.</exception>
    public async Task<ObjectHold> HoldAsync(ObjectReference reference, CancellationToken cancellationToken)
    {
        if (!reference.IsLive)
            return new ObjectHold(reference, static () => { });
        if (Find(reference) is { } held)
            return TryHoldHere(held) ?? throw ObjectFaults.Gone(reference.ObjectId);

        var holder = NewName();
        await Grain(reference).HoldAsync(holder, reference.Epoch, null, cancellationToken).ConfigureAwait(false);
        return new ObjectHold(reference, () => LetGo(reference, holder));
    }

    /// <summary>
    /// Takes over, for this node, what came with a message. On another node the object is then held under a name of this node, so that it is known whose hold it is should
    /// this node be lost.
    /// </summary>
    public ObjectHold Adopt(ObjectReference reference, string holder)
    {
        if (!reference.IsLive)
            return new ObjectHold(reference, static () => { });
        if (Find(reference) is { } held)
        {
            // The one who sent it may have taken the name on a lease.
            held.TryHold(holder);
            return new ObjectHold(reference, () => held.LetGo(holder));
        }

        var name = NewName();
        var taken = TakeOverAsync(reference, holder, name);
        return new ObjectHold(reference, () => _ = LetGoAfterAsync(taken, reference, holder, name));
    }

    /// <summary>Makes a hold of a name of this node under which the object is held already.</summary>
    public ObjectHold Claim(ObjectReference reference, string name)
    {
        if (!reference.IsLive)
            return new ObjectHold(reference, static () => { });
        return Find(reference) is { } held ? new ObjectHold(reference, () => held.LetGo(name)) : new ObjectHold(reference, () => LetGo(reference, name));
    }

    /// <inheritdoc/>
    public HeldObject? Find(ObjectReference reference) =>
        reference.Kind == ObjectKind.Table ? tables.Find(reference.ObjectId) : objects.Find(reference.ObjectId);

    /// <summary>The grain that answers for an object.</summary>
    public IHeldGrain Grain(ObjectReference reference) => reference.Kind == ObjectKind.Table
        ? grains.GetGrain<ITableGrain>(reference.ObjectId)
        : grains.GetGrain<IPluginObjectGrain>(reference.ObjectId);

    /// <summary>A holder's name for this node, never used before.</summary>
    public string NewName() => Holder.OfNode(node.Silo, Interlocked.Increment(ref _names));

    private void LetGo(ObjectReference reference, string holder) => _ = TryAsync(Grain(reference).LetGoAsync(holder), reference, holder);

    /// <returns>Whether the object is held under the name; else it still is as it was.</returns>
    private async Task<bool> TakeOverAsync(ObjectReference reference, string holder, string name)
    {
        if (!await TryAsync(Grain(reference).HoldAsync(name, reference.Epoch, null), reference, name).ConfigureAwait(false))
            return false;
        LetGo(reference, holder);
        return true;
    }

    private async Task LetGoAfterAsync(Task<bool> taken, ObjectReference reference, string holder, string name)
    {
        // A call that failed may have been carried out all the same.
        if (!await taken.ConfigureAwait(false))
            LetGo(reference, holder);
        LetGo(reference, name);
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
            // The object is lost with its node, or its node does not answer and will drop this node's holds when it learns of it.
            LogNotTold(lost, reference.ObjectId, holder);
            return false;
        }
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Debug, Message = "The object {ObjectId} could not be told of its holder {Holder}")]
    private partial void LogNotTold(Exception exception, string objectId, string holder);
}
