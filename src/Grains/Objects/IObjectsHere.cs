namespace Wharf.Grains.Objects;

/// <summary>The objects and tables of this node: what is here is held without a call, by whoever finds it.</summary>
internal interface IObjectsHere
{
    /// <summary>Finds an object or a table of this node.</summary>
    /// <param name="reference">Its name in the cluster.</param>
    /// <returns>It, or null when it is elsewhere or has ended: its grain knows.</returns>
    HeldObject? Find(ObjectReference reference);
}
