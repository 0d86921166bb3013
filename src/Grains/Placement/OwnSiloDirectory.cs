using Orleans.GrainDirectory;
using Orleans.Runtime;

namespace Wharf.Grains.Placement;

/// <summary>
/// The directory of grains whose key names their silo. It stores nothing, because the key determines the silo. So such a grain does not depend on a directory
/// partition of another node: an object stays reachable when any other node is lost or does not answer.
/// </summary>
/// <remarks>
/// <see cref="OwnSiloPlacement"/> and the silo's own list of activations ensure a single activation; an activation on a wrong silo only answers DATA_LOSS.
/// </remarks>
internal sealed class OwnSiloDirectory : IGrainDirectory
{
    /// <summary>The name of the directory for grain classes.</summary>
    public const string Name = "own-silo";

    /// <inheritdoc/>
    public Task<GrainAddress?> Register(GrainAddress address) => Task.FromResult<GrainAddress?>(address);

    /// <inheritdoc/>
    public Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress) => Register(address);

    /// <inheritdoc/>
    public Task Unregister(GrainAddress address) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult<GrainAddress?>(null);

    /// <inheritdoc/>
    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}
