namespace Wharf.Tables;

/// <summary>Measures the managed memory of the process. Columns, uploads and the buffers of connections are managed memory; there is no other of a size that counts.</summary>
internal class MemoryGauge
{
    /// <summary>The bytes that are allocated, garbage included.</summary>
    public virtual long Used => GC.GetTotalMemory(forceFullCollection: false);

    /// <summary>Frees what is only kept for reuse, and collects the garbage.</summary>
    public virtual void Collect()
    {
        ColumnMemory.Shared.Trim();
        ColumnMemory.Shared.Trim();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
    }
}
