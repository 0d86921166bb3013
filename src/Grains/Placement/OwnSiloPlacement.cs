using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Wharf.Grains.Objects;

namespace Wharf.Grains.Placement;

/// <summary>
/// Places a grain on the silo that its key names: a live object exists only there. The key is an object id, or an object id followed by <c>|</c> and more text.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OwnSiloPlacementAttribute() : PlacementAttribute(new OwnSiloPlacement());

/// <inheritdoc cref="OwnSiloPlacementAttribute"/>
[GenerateSerializer]
[Alias("wharf.OwnSiloPlacement")]
internal sealed class OwnSiloPlacement : PlacementStrategy;

/// <summary>
/// Reads the silo from the key. A grain whose key names no silo is placed on the caller's silo. If the silo is lost, the grain is placed on any other, where it
/// finds no live object and answers DATA_LOSS.
/// </summary>
internal sealed class OwnSiloPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        var key = target.GrainIdentity.Key.ToString() ?? "";
        var own = ObjectId.TryParse(key.Split('|', 2)[0], out var id) ? Array.Find(silos, silo => silo.Equals(id.Silo)) : null;
        if (own is not null)
            return Task.FromResult(own);
        var fallback = Array.Find(silos, silo => silo.Equals(context.LocalSilo)) ?? silos.FirstOrDefault();
        return fallback is not null ? Task.FromResult(fallback) : throw new SiloUnavailableException("no silo can host objects");
    }
}
