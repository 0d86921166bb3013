namespace Wharf.Grains.Objects;

/// <summary>
/// A hold on an object of any node, under one holder name in the cluster. It is reference-counted on this node, so that passing a reference from a handler to a
/// log needs no grain call. The last release of the count releases the holder name.
/// </summary>
/// <param name="reference">The object.</param>
/// <param name="release">Releases the holder name; must not throw.</param>
internal sealed class ObjectHold(ObjectReference reference, Action release)
{
    private int _shares = 1;

    /// <summary>The object.</summary>
    public ObjectReference Reference { get; } = reference;

    /// <summary>Whether the count is zero.</summary>
    public bool IsReleased => Volatile.Read(ref _shares) <= 0;

    /// <summary>Increments the count.</summary>
    /// <returns>False if the count is zero.</returns>
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

    /// <summary>Decrements the count.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _shares) == 0)
            release();
    }
}
