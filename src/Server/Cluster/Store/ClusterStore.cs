using System.Net.Sockets;
using Wharf.Server.Cluster.Postgres;
using Wharf.Server.Cluster.Redis;

namespace Wharf.Server.Cluster.Store;

/// <summary>The store that keeps the members of a cluster and its named fields. Its texts contain no part of the connection string but addresses.</summary>
internal abstract class ClusterStore
{
    /// <summary>The store's name: Redis or PostgreSQL.</summary>
    public abstract string Name { get; }

    /// <summary>The setting with the connection string.</summary>
    public abstract string Setting { get; }

    /// <summary>The addresses, such as <c>127.0.0.1:6379</c>.</summary>
    public abstract string Addresses { get; }

    /// <summary>The store of the settings.</summary>
    /// <exception cref="FormatException">The connection string cannot be read; the message names the setting.</exception>
    public static ClusterStore Of(MembershipOptions cluster) =>
        cluster.Redis is { Length: > 0 } redis ? RedisStore.Read(redis) : PostgresStore.Read(cluster.Postgres!);

    /// <summary>Connects, and creates what the cluster needs in the store if it is missing.</summary>
    public abstract Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Has the version of the table of members be at least a number. Nothing else may be written between the two versions.</summary>
    /// <param name="clusterId">The cluster.</param>
    /// <param name="from">The version that the caller has read; if it is another one by now nothing is changed.</param>
    /// <param name="to">The new version.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public abstract Task RaiseVersionAsync(string clusterId, int from, int to, CancellationToken cancellationToken);

    /// <summary>Whether a failure ends by itself, as that of a store that has not started yet; a refused login does not.</summary>
    public abstract bool IsTransient(Exception failure);

    /// <summary>Whether a read of the table of members failed because the table, or its version, is not there.</summary>
    public abstract bool IsMissing(Exception failure);

    /// <summary>The reason of a failure.</summary>
    public virtual string Reason(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
            if (inner is SocketException socket)
                return socket.Message;
        return failure is TimeoutException or OperationCanceledException ? "no answer in time" : "no connection";
    }

    /// <summary>The failure of a store that cannot be used, for the operator.</summary>
    public StoreException Failure(Exception failure) => new($"{Setting}: {Name} at {Addresses} cannot be used: {Reason(failure)}", failure);
}

/// <summary>The store of the cluster cannot be used. The message names the setting.</summary>
internal sealed class StoreException(string message, Exception? innerException) : IOException(message, innerException);
