namespace Wharf.Tables;

/// <summary>The error texts for exceeded memory budgets. Each names the setting.</summary>
internal static class MemoryErrors
{
    /// <summary>The process has reached its bound.</summary>
    public static string OfProcess(MemoryLimits limits) =>
        $"the server uses {limits.RefuseAtPercent} % of its memory of {limits.Process} bytes"
        + " (Wharf:Memory:RefuseAtPercent, Wharf:Memory:LimitBytes); try again later or release tables";

    /// <summary>A session or a principal would exceed its budget.</summary>
    public static string OfOwner(string owner, long limit, MemoryUse use) =>
        $"a {owner} uses at most {limit} bytes for {Name(use)} on a node (Wharf:Memory:{Prefix(owner)}{Setting(use)})";

    /// <summary>A session or a principal has too many uploads.</summary>
    public static string OfUploads(string owner, int most) =>
        $"a {owner} has at most {most} uploads in progress on a node (Wharf:Memory:{Prefix(owner)}Uploads)";

    /// <summary>A queue would exceed the budget of its session, or the process has reached its bound.</summary>
    public static string OfQueue(MemoryLimits limits) =>
        $"queued messages take more memory than a session may use ({limits.SessionQueues} bytes, Wharf:Memory:SessionQueueBytes)"
        + " or than the server has left";

    private static string Prefix(string owner) => owner == "session" ? "Session" : "Principal";

    private static string Name(MemoryUse use) => use switch
    {
        MemoryUse.Tables => "tables",
        MemoryUse.Uploads => "uploads in progress",
        _ => "queued messages",
    };

    private static string Setting(MemoryUse use) => use switch
    {
        MemoryUse.Tables => "TableBytes",
        MemoryUse.Uploads => "UploadBytes",
        _ => "QueueBytes",
    };
}
