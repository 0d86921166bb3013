using Apache.Arrow;

namespace Wharf.Tables.Columns;

/// <summary>An array of a column.</summary>
/// <param name="Array">The values.</param>
/// <param name="Memory">The blocks that the column owns and returns with the chunk.</param>
/// <param name="IsPlain">Whether the array contains strings that are known to be ASCII, without nulls.</param>
internal readonly record struct ColumnChunk(IArrowArray Array, IReadOnlyList<ColumnBlock> Memory, bool IsPlain = false)
{
    /// <summary>Returns the memory, which has no reader left.</summary>
    public void ReturnMemory()
    {
        foreach (ColumnBlock block in Memory)
            block.Return();
    }
}
