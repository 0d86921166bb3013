using Orleans.Runtime;

namespace Wharf.Grains.Objects;

/// <summary>The end of a grain whose object, table or stream has ended.</summary>
internal static class GrainEnds
{
    /// <summary>
    /// Deactivates a grain, for callbacks: they run on any thread, and possibly after Orleans has collected the activation, where
    /// <see cref="Grain.DeactivateOnIdle"/> throws.
    /// </summary>
    public static void DeactivateAfterEnd(this IGrainContext context) =>
        context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "the object of the grain has ended"), CancellationToken.None);
}
