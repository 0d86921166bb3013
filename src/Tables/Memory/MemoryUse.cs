namespace Wharf.Tables;

/// <summary>What memory is used for; sessions have a budget for each.</summary>
public enum MemoryUse
{
    /// <summary>Tables that are stored, and results that are computed.</summary>
    Tables,

    /// <summary>Uploads that are under way.</summary>
    Uploads,

    /// <summary>Messages that are received or that wait to be read.</summary>
    Queues,
}
