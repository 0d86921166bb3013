namespace Wharf.Server.Stop;

/// <summary>How long each step of the stop may take. Together they stay below the ten seconds within which the process is gone.</summary>
internal static class OrderlyStopTimes
{
    /// <summary>Until the open streams have ended.</summary>
    public static readonly TimeSpan Streams = TimeSpan.FromSeconds(5);

    /// <summary>
    /// From the end of the last stream until its connection closes. A client's library may still be busy with what it was told, and lets a connection that is gone win over the status
    /// that it has already received (.NET's does, as long as it has not finished its side of the stream). Sessions and objects end meanwhile.
    /// </summary>
    public static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    /// <summary>Until the objects have ended.</summary>
    public static readonly TimeSpan Objects = TimeSpan.FromSeconds(2);

    /// <summary>Until a grain is off the silo.</summary>
    public static readonly TimeSpan Deactivation = TimeSpan.FromSeconds(1);

    /// <summary>Until all of it, the port and the silo included, has stopped.</summary>
    public static readonly TimeSpan All = TimeSpan.FromSeconds(9);

    /// <summary>The same for a node that was declared lost: no other node answers it any more, so that the silo cannot leave in order.</summary>
    public static readonly TimeSpan Lost = TimeSpan.FromSeconds(4);
}
