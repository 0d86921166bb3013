using Wharf.Grains.Objects;

namespace Wharf.Grains.References;

/// <summary>Detects cycles of objects that wait for each other, across the cluster.</summary>
internal static class DeadlockFinder
{
    /// <summary>The time without a reply after which a wait is checked.</summary>
    public static readonly TimeSpan CheckDelay = TimeSpan.FromMilliseconds(200);

    // The search stops after this many objects; the time limit of the wait still applies.
    private const int LongestChain = 64;

    /// <summary>Returns whether the wait of one object for another is part of a cycle.</summary>
    /// <param name="grains">The grain factory.</param>
    /// <param name="waiting">The object that waits.</param>
    /// <param name="target">The object that it waits for.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>True if neither object can ever answer.</returns>
    public static async Task<bool> IsDeadlockAsync(IGrainFactory grains, string waiting, string target, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string> { target };
        var open = new Queue<string>(seen);
        while (open.TryDequeue(out var id) && seen.Count < LongestChain)
        {
            if (id == waiting)
                return true;
            foreach (var next in await grains.GetGrain<IPluginObjectGrain>(id).GetWaitsForAsync(cancellationToken).ConfigureAwait(false))
            {
                if (seen.Add(next))
                    open.Enqueue(next);
            }
        }

        return false;
    }
}
