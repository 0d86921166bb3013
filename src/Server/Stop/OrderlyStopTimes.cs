namespace Wharf.Server.Stop;

/// <summary>The time limits of the steps of the stop. Their sum is below the ten seconds within which the process ends.</summary>
internal static class OrderlyStopTimes
{
    /// <summary>The limit for the end of open streams.</summary>
    public static readonly TimeSpan Streams = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The time from the end of the last stream until its connection is closed, in which sessions and objects end. Some client libraries (such as that of .NET, until the client has
    /// completed its side of the stream) report a closed connection instead of a status that they have already received.
    /// </summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    /// <summary>The limit for the end of objects.</summary>
    public static readonly TimeSpan Objects = TimeSpan.FromSeconds(2);

    /// <summary>The limit for the deactivation of a grain.</summary>
    public static readonly TimeSpan Deactivation = TimeSpan.FromSeconds(1);

    /// <summary>The limit for the whole stop, including the port and the silo.</summary>
    public static readonly TimeSpan All = TimeSpan.FromSeconds(9);

    /// <summary>The limit for the whole stop of a node that was declared lost: other nodes no longer answer it, so the silo cannot leave in order.</summary>
    public static readonly TimeSpan Lost = TimeSpan.FromSeconds(4);
}
