namespace Wharf.Tables;

/// <summary>The budgets of a node, in bytes unless the name states another unit.</summary>
/// <param name="Process">The memory that the process may use.</param>
/// <param name="RefuseAtPercent">The part of it at which new work is refused.</param>
/// <param name="SessionTables">Tables of one session.</param>
/// <param name="PrincipalTables">Tables of all sessions of one principal.</param>
/// <param name="SessionUploads">Uploads of one session that are under way.</param>
/// <param name="SessionQueues">Messages of one session that are received or wait to be read.</param>
/// <param name="UploadsOfSession">The number of uploads that one session may have under way.</param>
/// <param name="UploadsOfPrincipal">The number of uploads that all sessions of one principal may have under way.</param>
public sealed record MemoryLimits(
    long Process, int RefuseAtPercent, long SessionTables, long PrincipalTables, long SessionUploads, long SessionQueues, int UploadsOfSession, int UploadsOfPrincipal)
{
    /// <summary>No limit but the memory of the process.</summary>
    public static MemoryLimits Unlimited { get; } = new(long.MaxValue, 100, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, int.MaxValue, int.MaxValue);

    /// <summary>The bytes at which new work is refused.</summary>
    public long Refusal => (long)(Process * (RefuseAtPercent / 100m));

    internal long OfSession(MemoryUse use) => use switch
    {
        MemoryUse.Tables => SessionTables,
        MemoryUse.Uploads => SessionUploads,
        _ => SessionQueues,
    };

    internal long OfPrincipal(MemoryUse use) => use == MemoryUse.Tables ? PrincipalTables : long.MaxValue;
}
