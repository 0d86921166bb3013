using Apache.Arrow;

namespace Wharf.Tables;

/// <summary>An array of a column.</summary>
/// <param name="Array">The values.</param>
/// <param name="Memory">The memory that is the column's own, to be given back with it.</param>
/// <param name="IsPlain">Whether it holds texts of which it is known that every character is one byte.</param>
internal readonly record struct ColumnChunk(IArrowArray Array, IReadOnlyList<ColumnBlock> Memory, bool IsPlain = false)
{
    /// <summary>Gives the memory back; nobody reads it any more.</summary>
    public void GiveBack()
    {
        foreach (ColumnBlock block in Memory)
            block.Return();
    }
}
