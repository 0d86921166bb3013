using Wharf.Tables.Columns;

namespace Wharf.Tables;

/// <summary>
/// Measures the managed memory of the process. Columns, uploads and the buffers of connections are managed; other memory is negligible.
/// </summary>
internal class MemoryGauge
{
    /// <summary>The allocated bytes, including garbage.</summary>
    public virtual long Used => GC.GetTotalMemory(forceFullCollection: false);

    /// <summary>Releases pooled memory, and collects the garbage.</summary>
    public virtual void Collect()
    {
        ColumnMemory.Shared.Trim();
        ColumnMemory.Shared.Trim();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
    }
}
