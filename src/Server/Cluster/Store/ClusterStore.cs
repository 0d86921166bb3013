using System.Net.Sockets;
using Wharf.Server.Cluster.Postgres;
using Wharf.Server.Cluster.Redis;

namespace Wharf.Server.Cluster.Store;

/// <summary>The store of the members and named fields of a cluster. Of the connection string, its texts contain only the addresses.</summary>
internal abstract class ClusterStore
{
    /// <summary>The name of the product: Redis or PostgreSQL.</summary>
    public abstract string Name { get; }

    /// <summary>The setting with the connection string.</summary>
    public abstract string Setting { get; }

    /// <summary>The addresses, such as <c>127.0.0.1:6379</c>.</summary>
    public abstract string Addresses { get; }

    /// <summary>Creates the configured store.</summary>
    /// <exception cref="FormatException">The connection string cannot be read; the message names the setting.</exception>
    public static ClusterStore Of(MembershipOptions cluster) =>
        cluster.Redis is { Length: > 0 } redis ? RedisStore.Read(redis) : PostgresStore.Read(cluster.Postgres!);

    /// <summary>Connects, and creates missing tables.</summary>
    public abstract Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Raises the version of the membership table, unless another node has changed it.</summary>
    /// <param name="clusterId">The cluster.</param>
    /// <param name="from">The version that the caller has read. If the stored version differs, nothing changes.</param>
    /// <param name="to">The new version.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public abstract Task RaiseVersionAsync(string clusterId, int from, int to, CancellationToken cancellationToken);

    /// <summary>Whether a failure is temporary, such as that of a store that has not started yet. A refused login is not.</summary>
    public abstract bool IsTransient(Exception failure);

    /// <summary>Whether a read of the membership table failed because the table or its version does not exist.</summary>
    public abstract bool IsMissing(Exception failure);

    /// <summary>Returns the reason of a failure.</summary>
    public virtual string Reason(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
            if (inner is SocketException socket)
                return socket.Message;
        return failure is TimeoutException or OperationCanceledException ? "no answer in time" : "no connection";
    }

    /// <summary>Creates the error for an operator whose store cannot be used.</summary>
    public StoreException Failure(Exception failure) => new($"{Setting}: {Name} at {Addresses} cannot be used: {Reason(failure)}", failure);
}

/// <summary>Thrown if the store of the cluster cannot be used. The message names the setting.</summary>
internal sealed class StoreException(string message, Exception? innerException) : IOException(message, innerException);
