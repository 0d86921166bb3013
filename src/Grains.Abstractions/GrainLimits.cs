namespace Wharf.Grains;

/// <summary>What every grain call keeps to, whoever makes it.</summary>
public static class GrainLimits
{
    /// <summary>No grain call waits longer than this; a longer wait is a renewed call.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>The maximum time of a call that waits for nothing: it is answered at once, or its node is lost.</summary>
    public const string QuickCall = "00:00:05";

    /// <summary>A message longer than this many bytes travels in several parts, far below Orleans' own limit, which closes the connection of two nodes.</summary>
    public const int PartSize = 256 * 1024;

    /// <summary>A batch of parts holds at most this many bytes, unless it is a single part.</summary>
    public const int BatchSize = 1024 * 1024;

    /// <summary>A holder that may vanish without a word (a gateway's call) is forgotten after this time unless it renews its hold.</summary>
    public static readonly TimeSpan CallLease = TimeSpan.FromMinutes(1);
}
