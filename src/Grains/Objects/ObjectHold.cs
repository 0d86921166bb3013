namespace Wharf.Grains.Objects;

/// <summary>
/// A share in keeping an object alive, here or on another node: one holder's name in the cluster, counted on this node, so that handing a reference from a handler
/// to a log needs no call. The name is let go of with the last share.
/// </summary>
/// <param name="reference">The object.</param>
/// <param name="letGo">Lets go of the holder's name; must not throw.</param>
internal sealed class ObjectHold(ObjectReference reference, Action letGo)
{
    private int _shares = 1;

    /// <summary>The object.</summary>
    public ObjectReference Reference { get; } = reference;

    /// <summary>Whether the last share is gone.</summary>
    public bool IsReleased => Volatile.Read(ref _shares) <= 0;

    /// <summary>Takes a further share.</summary>
    /// <returns>False when the last share is gone.</returns>
    public bool TryShare()
    {
        var shares = Volatile.Read(ref _shares);
        while (shares > 0)
        {
            var seen = Interlocked.CompareExchange(ref _shares, shares + 1, shares);
            if (seen == shares)
                return true;
            shares = seen;
        }

        return false;
    }

    /// <summary>Gives a share back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _shares) == 0)
            letGo();
    }
}
