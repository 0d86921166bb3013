namespace Wharf.Tables;

/// <summary>The budgets of a node, in bytes unless the name states another unit.</summary>
/// <param name="Process">The memory that the process may use.</param>
/// <param name="RefuseAtPercent">The percentage of it at which new work is rejected.</param>
/// <param name="SessionTables">Tables of one session.</param>
/// <param name="PrincipalTables">Tables of all sessions of one principal.</param>
/// <param name="SessionUploads">Uploads in progress of one session.</param>
/// <param name="SessionQueues">Queued messages of one session.</param>
/// <param name="UploadsOfSession">The maximum number of uploads in progress of one session.</param>
/// <param name="UploadsOfPrincipal">The maximum number of uploads in progress of all sessions of one principal.</param>
public sealed record MemoryLimits(
    long Process, int RefuseAtPercent, long SessionTables, long PrincipalTables, long SessionUploads, long SessionQueues,
    int UploadsOfSession, int UploadsOfPrincipal)
{
    /// <summary>No limit except the memory of the process.</summary>
    public static MemoryLimits Unlimited { get; } = new(
        long.MaxValue, 100, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, int.MaxValue, int.MaxValue);

    /// <summary>The number of bytes at which new work is rejected.</summary>
    public long Refusal => (long)(Process * (RefuseAtPercent / 100m));

    internal long OfSession(MemoryUse use) => use switch
    {
        MemoryUse.Tables => SessionTables,
        MemoryUse.Uploads => SessionUploads,
        _ => SessionQueues,
    };

    internal long OfPrincipal(MemoryUse use) => use == MemoryUse.Tables ? PrincipalTables : long.MaxValue;
}
