using Orleans.GrainDirectory;
using Orleans.Runtime;

namespace Wharf.Grains.Placement;

/// <summary>
/// The directory of grains whose key names their silo: it holds nothing, since the key says where they are. So such a grain does not depend on another node being there to
/// remember it, which a directory that is spread over the nodes would ask for: an object goes on when any other node is lost, or does not answer.
/// </summary>
/// <remarks>That there is one activation only is what <see cref="OwnSiloPlacement"/> and the silo's own list of activations give; one on a wrong silo answers DATA_LOSS only.</remarks>
internal sealed class OwnSiloDirectory : IGrainDirectory
{
    /// <summary>What grain classes call it.</summary>
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
