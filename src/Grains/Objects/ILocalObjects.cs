namespace Wharf.Grains.Objects;

/// <summary>The objects and tables of this node, which callers on the node hold without a grain call.</summary>
internal interface ILocalObjects
{
    /// <summary>Finds an object or a table of this node.</summary>
    /// <param name="reference">The reference to the object.</param>
    /// <returns>The object, or null if it is on another node or has ended.</returns>
    HeldObject? Find(ObjectReference reference);
}
