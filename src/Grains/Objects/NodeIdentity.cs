using Orleans.Runtime;

namespace Wharf.Grains.Objects;

/// <summary>The identity of this node, and the ids of its new objects.</summary>
/// <param name="local">The silo.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeIdentity(ILocalSiloDetails local, TimeProvider time)
{
    private long _numbers;
    private long _epoch;

    /// <summary>The silo.</summary>
    public SiloAddress Silo => local.SiloAddress;

    /// <summary>Creates the id of a new object. Its epoch is greater than that of any earlier object of this node.</summary>
    public ObjectId NewObjectId()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        long before, epoch;
        do
        {
            before = Volatile.Read(ref _epoch);
            epoch = Math.Max(before + 1, now);
        }
        while (Interlocked.CompareExchange(ref _epoch, epoch, before) != before);
        return new ObjectId(local.SiloAddress, epoch, Interlocked.Increment(ref _numbers));
    }
}
