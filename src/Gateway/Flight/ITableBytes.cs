using Grpc.Core;
using Wharf.Grains;
using Wharf.Grains.Objects;

namespace Wharf.Gateway.Flight;

/// <summary>The bytes of tables, wherever the tables are.</summary>
internal interface ITableBytes
{
    /// <summary>Opens a table. Once it is open its bytes stay readable, whoever lets go of the table meanwhile.</summary>
    /// <param name="objectId">The table's object id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its frames, to be read once, or null when it is gone.</returns>
    /// <exception cref="FaultException">UNAVAILABLE: its node cannot be reached.</exception>
    ValueTask<IAsyncEnumerable<FlightFrame>?> OpenAsync(string objectId, CancellationToken cancellationToken);

    /// <summary>Stores an upload.</summary>
    /// <param name="frames">What follows the first frame.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="acknowledge">Called for each batch that has been taken.</param>
    /// <param name="holder">Who holds the table at first, on a short lease.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The table.</returns>
    /// <exception cref="FaultException">INVALID_ARGUMENT: the upload is no table. UNAVAILABLE: no node takes it.</exception>
    Task<ObjectReference> StoreAsync(
        IAsyncStreamReader<FlightFrame> frames, FlightFrame first, Func<Task> acknowledge, string holder, CancellationToken cancellationToken);
}
