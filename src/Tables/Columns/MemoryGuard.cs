using System.Runtime.CompilerServices;
using Wharf.Tables.Formulas;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Rejects columns that clearly exceed the memory of the machine, before they are computed.</summary>
internal static class MemoryGuard
{
    /// <summary>The maximum number of elements of a column of arrays.</summary>
    public const long MostElements = 1L << 28;

    /// <summary>Throws if the bytes of strings exceed the memory.</summary>
    public static void CheckBytes(long bytes)
    {
        if (bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2)
            throw new TableException(
                TableError.ResourceExhausted,
                $"the strings of this column take more than {bytes} bytes, which exceeds the memory of this server");
    }

    /// <summary>Throws if the list of selected rows could exceed the memory.</summary>
    public static void CheckSelection(long rows)
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (rows / 2 > available)
            throw new TableException(
                TableError.ResourceExhausted,
                $"a list of rows out of {rows} may take {(Int128)rows * 2} bytes, this server has {available} in all");
        OperationMemory.Current?.Require(rows * sizeof(ushort));
    }

    /// <summary>Throws if an array constant, repeated in every row, exceeds the maximum of a column of arrays.</summary>
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
                $"a column of {rows} rows of type {type.ClassName} takes at least {(Int128)rows * width} bytes,"
                + $" this server has {available} in all");
        }

        OperationMemory.Current?.Require(rows * width);
    }
}
