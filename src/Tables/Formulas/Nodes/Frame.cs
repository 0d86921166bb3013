namespace Wharf.Tables;

/// <summary>The rows that are computed in one go: a block of the table, or some rows of it.</summary>
/// <param name="Start">The first row of the block.</param>
/// <param name="Count">How many rows are computed.</param>
/// <param name="Rows">Which rows of the block, counted from its start, when not all of them.</param>
internal readonly record struct Frame(long Start, int Count, int[]? Rows = null)
{
    /// <summary>Blocks are small enough that everything a formula computes on the way stays in the processor's cache.</summary>
    public const int BlockRows = 4096;

    /// <summary>Functions of texts and other objects may take a microsecond and more for each row, so that their blocks are smaller.</summary>
    public const int SlowBlockRows = 512;
}
