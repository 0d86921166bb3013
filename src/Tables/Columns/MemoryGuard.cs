using System.Runtime.CompilerServices;

namespace Wharf.Tables;

/// <summary>Refuses columns that this machine plainly cannot hold, before it tries.</summary>
internal static class MemoryGuard
{
    /// <summary>More elements than this do not become one column of arrays.</summary>
    public const long MostElements = 1L << 28;

    /// <summary>Refuses to write out more bytes of text than there is memory.</summary>
    public static void CheckBytes(long bytes)
    {
        if (bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2)
            throw new TableException(TableError.ResourceExhausted, $"the texts of this column take more than {bytes} bytes, which this server cannot hold");
    }

    /// <summary>Refuses to filter more rows than a list of them could be held of.</summary>
    public static void CheckSelection(long rows)
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (rows / 2 > available)
            throw new TableException(TableError.ResourceExhausted, $"a list of rows out of {rows} may take {(Int128)rows * 2} bytes, this server has {available} in all");
        OperationMemory.Current?.Require(rows * sizeof(ushort));
    }

    /// <summary>Refuses a constant whose repetition in every row would be more than a column of arrays can be.</summary>
    public static void CheckRepeated(IFormulaVector vector, long rows)
    {
        if ((Int128)vector.Size * rows > MostElements)
            throw new FormulaError($"an array of {vector.Size} elements in each of {rows} rows is too large for a column");
    }

    public static void Check<T>(EngineType type, long rows)
    {
        long width = type.Kind == EngineKind.Boolean ? 1 : Math.Max(4, Unsafe.SizeOf<T>());
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (rows > available / width)
        {
            throw new TableException(
                TableError.ResourceExhausted,
                $"a column of {rows} rows of type {type.ClassName} takes at least {(Int128)rows * width} bytes, this server has {available} in all");
        }

        OperationMemory.Current?.Require(rows * width);
    }
}
