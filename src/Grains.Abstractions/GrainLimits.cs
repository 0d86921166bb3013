namespace Wharf.Grains;

/// <summary>The limits that apply to every grain call.</summary>
public static class GrainLimits
{
    /// <summary>The maximum duration of a grain call; to wait longer, the caller repeats the call.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>The timeout of a call that does not wait for anything; when it expires, the node is considered lost.</summary>
    public const string QuickCall = "00:00:05";

    /// <summary>
    /// The maximum size of a message part in bytes. It is far below the message limit of Orleans, which closes the connection between two nodes when it is
    /// exceeded.
    /// </summary>
    public const int PartSize = 256 * 1024;

    /// <summary>The maximum size of a batch of parts in bytes; a single part may exceed it.</summary>
    public const int BatchSize = 1024 * 1024;

    /// <summary>The time after which the hold of a gateway's call expires unless the call renews it. A gateway may stop without releasing its holds.</summary>
    public static readonly TimeSpan CallLease = TimeSpan.FromMinutes(1);
}
