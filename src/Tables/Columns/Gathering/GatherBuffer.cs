using Apache.Arrow;
using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables.Columns.Gathering;

/// <summary>
/// A growing buffer of a gathered array. Its memory comes from <see cref="ColumnMemory"/>; the chunk of the finished array owns it.
/// </summary>
internal sealed class GatherBuffer
{
    private ColumnBlock _block;

    /// <summary>The number of bytes that are filled.</summary>
    public int Used { get; private set; }

    /// <summary>The bytes that are filled.</summary>
    public Span<byte> Filled => _block.Length == 0 ? [] : _block.Span[..Used];

    /// <summary>Reserves a total number of bytes.</summary>
    public void Reserve(long bytes)
    {
        if (bytes > _block.Length)
            Resize(bytes);
    }

    /// <summary>Adds uninitialized bytes, which the caller must fill.</summary>
    /// <exception cref="TableException">The buffer would exceed the maximum length of an array.</exception>
    public Span<byte> Add(long bytes)
    {
        long end = Used + bytes;
        if (end > System.Array.MaxLength / 2)
            throw new TableException(TableError.InvalidArgument, "the rows of this column are too large to be copied");
        if (end > _block.Length)
            Resize(Math.Max(end, Math.Min(Math.Max(256, _block.Length * 2L), System.Array.MaxLength / 2)));
        Span<byte> added = _block.Length == 0 ? [] : _block.Span.Slice(Used, (int)bytes);
        Used = (int)end;
        return added;
    }

    /// <summary>Returns the filled bytes as a buffer of an array.</summary>
    /// <param name="memory">The memory of the chunk that the array belongs to.</param>
    public ArrowBuffer Finish(List<ColumnBlock> memory)
    {
        if (Used == 0)
        {
            _block.Return();
            return ArrowBuffer.Empty;
        }

        if (Used < _block.Length / 4 * 3)
            Resize(Used);
        memory.Add(_block);
        return _block.ToBuffer(Used);
    }

    private void Resize(long bytes)
    {
        ColumnBlock other = ColumnMemory.Shared.Rent(bytes);
        Filled.CopyTo(other.Span);
        _block.Return();
        _block = other;
    }
}
