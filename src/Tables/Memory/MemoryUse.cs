namespace Wharf.Tables;

/// <summary>The purposes of memory. Sessions have a budget for each.</summary>
public enum MemoryUse
{
    /// <summary>Stored tables, and results that are being computed.</summary>
    Tables,

    /// <summary>Uploads in progress.</summary>
    Uploads,

    /// <summary>Queued messages.</summary>
    Queues,
}
