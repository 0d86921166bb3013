using Wharf.Grains.Objects;

namespace Wharf.Grains.References;

/// <summary>Follows who waits for whom, over the whole cluster.</summary>
internal static class DeadlockFinder
{
    /// <summary>How long a reply may take before anyone looks.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    // A longer chain than this is given up on; the time limit of the wait still ends it.
    private const int LongestChain = 64;

    /// <summary>Whether an object's wait for another leads back to itself.</summary>
    /// <param name="grains">The cluster.</param>
    /// <param name="waiting">The object that waits.</param>
    /// <param name="target">The one it waits for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True when neither can ever answer.</returns>
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
