namespace Wharf.Grains.Objects;

/// <summary>
/// The common part of live objects and tables. Each exists while it has a holder. A holder is a name: <c>export/{session}/{id}</c>, <c>field/{ticket}</c>,
/// <c>stream/{id}</c>, <c>wait/{session}/{id}</c>, <c>call/{id}</c>, <c>node/{node}/{n}</c>; see <see cref="Holder"/>. To hold an object twice under one name
/// has the effect of one hold. The holds of a session or a node are released when it is lost.
/// </summary>
[GrainInterfaceType("wharf.held")]
[Alias("wharf.IHeldGrain")]
public interface IHeldGrain : IGrainWithStringKey
{
    /// <summary>Adds a holder to the object.</summary>
    /// <param name="holder">The holder's name.</param>
    /// <param name="epoch">The epoch of the reference.</param>
    /// <param name="lease">The time after which the hold expires unless it is renewed; null for a hold that is always released.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the object is held.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the object is lost. UNAVAILABLE: the object has another epoch.</exception>
    [Alias("Hold")]
    Task HoldAsync(string holder, long epoch, TimeSpan? lease, CancellationToken cancellationToken = default);

    /// <summary>
    /// Releases the object. The object ends when its last holder releases it. The call has no effect for a holder that does not hold the object.
    /// </summary>
    /// <param name="holder">The holder's name.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the holder is removed.</returns>
    [Alias("LetGo")]
    Task LetGoAsync(string holder, CancellationToken cancellationToken = default);

    /// <summary>Describes the object and its holders.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The description.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the object is lost.</exception>
    [Alias("Describe")]
    Task<ObjectDescription> DescribeAsync(CancellationToken cancellationToken = default);
}

/// <summary>The description of a live object or table, for operators.</summary>
/// <param name="Reference">The object.</param>
/// <param name="ActivationId">The activation of the object's grain.</param>
/// <param name="Holders">The names of the holders.</param>
/// <param name="Streams">The number of open streams.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.ObjectDescription")]
public sealed record ObjectDescription(
    [property: Id(0)] ObjectReference Reference,
    [property: Id(1)] string ActivationId,
    [property: Id(2)] IReadOnlyList<string> Holders,
    [property: Id(3)] int Streams);
