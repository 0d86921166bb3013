using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Wharf.Tables.Columns;

/// <summary>
/// A pool of memory for the values of columns. Faulting in a new page takes longer than computing its values, so large blocks use huge
/// pages, and returned blocks are kept for the next column, up to a bound. All blocks are managed arrays: a block that is never returned is
/// garbage-collected.
/// </summary>
/// <param name="maxBytes">The maximum number of bytes in the pool.</param>
internal sealed class ColumnMemory(long maxBytes)
{
    private const int SmallestBits = 16, Steps = 4, Alignment = 64;

    private readonly Lock _gate = new();
    private readonly Bucket[] _buckets = [.. Enumerable.Range(0, (31 - SmallestBits) * Steps).Select(static _ => new Bucket())];
    private long _pooled;

    /// <summary>The pool of the process. It keeps at most a sixteenth of the available memory, and at most a gigabyte.</summary>
    public static ColumnMemory Shared { get; } = new(Math.Min(1L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16));

    /// <summary>The number of bytes in the pool.</summary>
    public long Kept => Interlocked.Read(ref _pooled);

    /// <summary>Rents a block, whose content is undefined.</summary>
    /// <param name="bytes">The minimum size.</param>
    public ColumnBlock Rent(long bytes)
    {
        if (bytes <= 1 << SmallestBits)
        {
            OperationMemory.Current?.Add(bytes);
            return new ColumnBlock(GC.AllocateUninitializedArray<byte>((int)bytes), 0, this);
        }

        if (bytes > Array.MaxLength - Alignment)
            throw new OutOfMemoryException();
        (int bucket, long size) = BucketFor(bytes);
        OperationMemory.Current?.Add(size + Alignment);
        byte[] array = Take(bucket) ?? Allocate((int)Math.Min(Array.MaxLength, size + Alignment));
        return new ColumnBlock(array, ToAlignment(array), this);
    }

    /// <summary>Returns a block that is no longer read or written.</summary>
    public void Return(byte[] array)
    {
        OperationMemory.Current?.Return(array.Length);
        if (array.Length <= (1 << SmallestBits) + Alignment)
            return;
        (int bucket, long size) = BucketFor(array.Length - Alignment);
        lock (_gate)
        {
            if (size + Alignment != array.Length || _pooled + array.Length > maxBytes)
                return;
            _pooled += array.Length;
            _buckets[bucket].Blocks.Push(array);
        }
    }

    /// <summary>Releases the blocks that were not used since the last trim.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            foreach (Bucket bucket in _buckets)
            {
                for (; bucket.Unused > 0; bucket.Unused--)
                    _pooled -= bucket.Blocks.Pop().Length;
                bucket.Unused = bucket.Blocks.Count;
            }
        }
    }

    private byte[]? Take(int bucket)
    {
        lock (_gate)
        {
            if (!_buckets[bucket].Blocks.TryPop(out byte[]? array))
                return null;
            _buckets[bucket].Unused = Math.Min(_buckets[bucket].Unused, _buckets[bucket].Blocks.Count);
            _pooled -= array.Length;
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
            // The pool may hold the missing memory.
            Trim();
            Trim();
            array = GC.AllocateUninitializedArray<byte>(length);
        }

        HugePages.Advise(array);
        return array;
    }

    /// <summary>There are four sizes between a power of two and the next: no block is more than a quarter larger than requested.</summary>
    private static (int Bucket, long Size) BucketFor(long bytes)
    {
        int bits = 63 - (int)ulong.LeadingZeroCount((ulong)(bytes - 1));
        long step = 1L << (bits - 2), size = (bytes + step - 1) / step * step;
        return (((bits - SmallestBits) * Steps) + (int)((size - (1L << bits)) / step) - 1, size);
    }

    private static unsafe int ToAlignment(byte[] array) =>
        (int)(-(nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)) & (Alignment - 1));

    private sealed class Bucket
    {
        public Stack<byte[]> Blocks { get; } = [];

        /// <summary>The number of blocks that were not used since the last trim.</summary>
        public int Unused { get; set; }
    }
}

/// <summary>A block of memory.</summary>
/// <param name="array">The array that contains it.</param>
/// <param name="start">The offset in the array, which aligns the block to a cache line.</param>
/// <param name="owner">The pool to which it is returned.</param>
internal readonly struct ColumnBlock(byte[] array, int start, ColumnMemory owner)
{
    /// <summary>The number of usable bytes.</summary>
    public int Length => array is null ? 0 : array.Length - start;

    /// <summary>The size of the array.</summary>
    public int Size => array?.Length ?? 0;

    /// <summary>The bytes.</summary>
    public Span<byte> Span => array.AsSpan(start);

    /// <summary>Returns the first bytes as a buffer of an Arrow array.</summary>
    public Apache.Arrow.ArrowBuffer ToBuffer(int bytes) => new(new ReadOnlyMemory<byte>(array, start, bytes));

    /// <summary>Returns the block, which must not be used afterwards.</summary>
    public void Return() => owner?.Return(array);
}
