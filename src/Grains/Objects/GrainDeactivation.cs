using Orleans.Runtime;

namespace Wharf.Grains.Objects;

/// <summary>Deactivates grains whose object, table or stream has ended.</summary>
internal static class GrainDeactivation
{
    /// <summary>
    /// Deactivates a grain from a callback, which runs on any thread and possibly after Orleans has collected the activation. There,
    /// <see cref="Grain.DeactivateOnIdle"/> throws an exception.
    /// </summary>
    public static void DeactivateAfterEnd(this IGrainContext context) =>
        context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "the object of the grain has ended"), CancellationToken.None);
}
