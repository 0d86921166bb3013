using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Wharf.Grains.Objects;

namespace Wharf.Grains.Placement;

/// <summary>Places a grain on the silo that its key names: a live object cannot be anywhere else. The key is an object id, or begins with one and goes on after a <c>|</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OwnSiloPlacementAttribute() : PlacementAttribute(new OwnSiloPlacement());

/// <inheritdoc cref="OwnSiloPlacementAttribute"/>
[GenerateSerializer]
[Alias("wharf.OwnSiloPlacement")]
internal sealed class OwnSiloPlacement : PlacementStrategy;

/// <summary>Reads the silo out of the key. A key that names none stays where it is asked for. When that silo is gone, any other will do: it finds no live object and answers DATA_LOSS.</summary>
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
