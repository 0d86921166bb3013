using Grpc.Core;
using Wharf.Grains;
using Wharf.Grains.Objects;

namespace Wharf.Gateway.Flight;

/// <summary>Reads and stores tables on any node.</summary>
internal interface ITableBytes
{
    /// <summary>Opens a table. An open table stays readable after its holders have released it.</summary>
    /// <param name="objectId">The table's object id.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The frames, which can be read once, or null if the table does not exist.</returns>
    /// <exception cref="FaultException">UNAVAILABLE: its node cannot be reached.</exception>
    ValueTask<IAsyncEnumerable<FlightFrame>?> OpenAsync(string objectId, CancellationToken cancellationToken);

    /// <summary>Stores an upload.</summary>
    /// <param name="frames">The frames after the first.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="acknowledge">Called for each batch that was read.</param>
    /// <param name="holder">The first holder of the table, with a short lease.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The table.</returns>
    /// <exception cref="FaultException">INVALID_ARGUMENT: the upload is not a table. UNAVAILABLE: no node can store it.</exception>
    Task<ObjectReference> StoreAsync(
        IAsyncStreamReader<FlightFrame> frames, FlightFrame first, Func<Task> acknowledge, string holder, CancellationToken cancellationToken);
}
