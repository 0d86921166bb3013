namespace Wharf.Grains.Objects;

/// <summary>
/// What live objects and tables have in common: they live while someone holds them. A holder is a name: <c>export/{session}/{id}</c>, <c>field/{ticket}</c>,
/// <c>stream/{id}</c>, <c>wait/{session}/{id}</c>, <c>call/{id}</c>, <c>node/{node}/{n}</c>; see <see cref="Holder"/>. Holding twice under one name is holding once.
/// What a session or a node held is let go of when it is lost.
/// </summary>
[GrainInterfaceType("wharf.held")]
[Alias("wharf.IHeldGrain")]
public interface IHeldGrain : IGrainWithStringKey
{
    /// <summary>Holds the object.</summary>
    /// <param name="holder">The holder's name.</param>
    /// <param name="epoch">The life of the object that is meant.</param>
    /// <param name="lease">How long the hold lasts unless it is renewed; null for a holder that always lets go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when the object is held.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the object is gone. UNAVAILABLE: the epoch is not the object's.</exception>
    [Alias("Hold")]
    Task HoldAsync(string holder, long epoch, TimeSpan? lease, CancellationToken cancellationToken = default);

    /// <summary>Lets go. The object ends when its last holder did. Letting go of what is not held does nothing.</summary>
    /// <param name="holder">The holder's name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when the hold is gone.</returns>
    [Alias("LetGo")]
    Task LetGoAsync(string holder, CancellationToken cancellationToken = default);

    /// <summary>Describes the object and who holds it.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The description.</returns>
    /// <exception cref="FaultException">DATA_LOSS: the object is gone.</exception>
    [Alias("Describe")]
    Task<ObjectDescription> DescribeAsync(CancellationToken cancellationToken = default);
}

/// <summary>A live object or table, as an operator sees it.</summary>
/// <param name="Reference">The object.</param>
/// <param name="ActivationId">Its one activation.</param>
/// <param name="Holders">Who holds it.</param>
/// <param name="Streams">How many streams are open on it.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.ObjectDescription")]
public sealed record ObjectDescription(
    [property: Id(0)] ObjectReference Reference,
    [property: Id(1)] string ActivationId,
    [property: Id(2)] IReadOnlyList<string> Holders,
    [property: Id(3)] int Streams);
