using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Wharf.Tables;

/// <summary>
/// Memory for the values of columns. To get a new page from the system takes longer than to compute what is written into it, so large blocks are asked for in huge pages, and those that are
/// given back are kept for the next column, up to a bound. The collector owns all of them: a block that nobody gives back is garbage like any other.
/// </summary>
/// <param name="mostKept">How many bytes are kept at the most.</param>
internal sealed class ColumnMemory(long mostKept)
{
    private const int SmallestBits = 16, Steps = 4, Alignment = 64;

    private readonly Lock _gate = new();
    private readonly Shelf[] _shelves = [.. Enumerable.Range(0, (31 - SmallestBits) * Steps).Select(static _ => new Shelf())];
    private long _kept;

    /// <summary>The memory of this process: a sixteenth of what it may use is kept, and no more than a gigabyte.</summary>
    public static ColumnMemory Shared { get; } = new(Math.Min(1L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16));

    /// <summary>How many bytes are kept for columns to come.</summary>
    public long Kept => Interlocked.Read(ref _kept);

    /// <summary>Gets memory; what is in it is left from before.</summary>
    /// <param name="bytes">How much is needed at the least.</param>
    public ColumnBlock Rent(long bytes)
    {
        if (bytes <= 1 << SmallestBits)
        {
            OperationMemory.Current?.Take(bytes);
            return new ColumnBlock(GC.AllocateUninitializedArray<byte>((int)bytes), 0, this);
        }

        if (bytes > Array.MaxLength - Alignment)
            throw new OutOfMemoryException();
        (int shelf, long size) = ShelfFor(bytes);
        OperationMemory.Current?.Take(size + Alignment);
        byte[] array = Take(shelf) ?? Allocate((int)Math.Min(Array.MaxLength, size + Alignment));
        return new ColumnBlock(array, ToAlignment(array), this);
    }

    /// <summary>Takes a block back that nobody reads or writes any more.</summary>
    public void Return(byte[] array)
    {
        OperationMemory.Current?.Give(array.Length);
        if (array.Length <= (1 << SmallestBits) + Alignment)
            return;
        (int shelf, long size) = ShelfFor(array.Length - Alignment);
        lock (_gate)
        {
            if (size + Alignment != array.Length || _kept + array.Length > mostKept)
                return;
            _kept += array.Length;
            _shelves[shelf].Blocks.Push(array);
        }
    }

    /// <summary>Drops what was not needed since the last time.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            foreach (Shelf shelf in _shelves)
            {
                for (; shelf.Unused > 0; shelf.Unused--)
                    _kept -= shelf.Blocks.Pop().Length;
                shelf.Unused = shelf.Blocks.Count;
            }
        }
    }

    private byte[]? Take(int shelf)
    {
        lock (_gate)
        {
            if (!_shelves[shelf].Blocks.TryPop(out byte[]? array))
                return null;
            _shelves[shelf].Unused = Math.Min(_shelves[shelf].Unused, _shelves[shelf].Blocks.Count);
            _kept -= array.Length;
            return array;
        }
    }

    private byte[] Allocate(int length)
    {
        byte[] array;
        try
        {
            array = GC.AllocateUninitializedArray<byte>(length);
        }
        catch (OutOfMemoryException) when (Kept > 0)
        {
            // What is kept may be what is missing.
            Trim();
            Trim();
            array = GC.AllocateUninitializedArray<byte>(length);
        }

        HugePages.Advise(array);
        return array;
    }

    /// <summary>Four sizes between each power of two and the next: no block is more than a quarter larger than what was asked for.</summary>
    private static (int Shelf, long Size) ShelfFor(long bytes)
    {
        int bits = 63 - (int)ulong.LeadingZeroCount((ulong)(bytes - 1));
        long step = 1L << (bits - 2), size = (bytes + step - 1) / step * step;
        return (((bits - SmallestBits) * Steps) + (int)((size - (1L << bits)) / step) - 1, size);
    }

    private static unsafe int ToAlignment(byte[] array) => (int)(-(nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)) & (Alignment - 1));

    private sealed class Shelf
    {
        public Stack<byte[]> Blocks { get; } = [];

        /// <summary>How many of them nobody asked for since the last trim.</summary>
        public int Unused { get; set; }
    }
}

/// <summary>A block of memory.</summary>
/// <param name="array">Where it is.</param>
/// <param name="start">Where in the array it begins, so that it lies well in the processor's cache.</param>
/// <param name="owner">Whom it is given back to.</param>
internal readonly struct ColumnBlock(byte[] array, int start, ColumnMemory owner)
{
    /// <summary>How many bytes there is room for.</summary>
    public int Length => array is null ? 0 : array.Length - start;

    /// <summary>How many bytes it takes.</summary>
    public int Size => array?.Length ?? 0;

    /// <summary>The bytes.</summary>
    public Span<byte> Span => array.AsSpan(start);

    /// <summary>The first bytes as a buffer of an Arrow array.</summary>
    public Apache.Arrow.ArrowBuffer ToBuffer(int bytes) => new(new ReadOnlyMemory<byte>(array, start, bytes));

    /// <summary>Gives the block back; nobody may read or write it any more.</summary>
    public void Return() => owner?.Return(array);
}
