namespace Wharf.Tables.Formulas.Nodes;

/// <summary>The rows that are computed at a time: a block of the table, or a selection of its rows.</summary>
/// <param name="Start">The first row of the block.</param>
/// <param name="Count">The number of rows to compute.</param>
/// <param name="Rows">The selected rows, relative to the start of the block; null for all.</param>
internal readonly record struct Frame(long Start, int Count, int[]? Rows = null)
{
    /// <summary>The size of a block, small enough that intermediate results stay in the processor's cache.</summary>
    public const int BlockRows = 4096;

    /// <summary>The size of a block for functions of strings and other objects, which may take more than a microsecond per row.</summary>
    public const int SlowBlockRows = 512;
}
