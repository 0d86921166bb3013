namespace Wharf.Tables;

/// <summary>
/// Bounds the text that a formula makes. A single value is bounded, and so is what one block of rows holds at a time, because a block's texts are all in memory
/// before any of them is written out.
/// </summary>
internal static class TextBudget
{
    /// <summary>The longest text that a formula may make, in UTF-16 code units.</summary>
    public const int LongestText = 16 << 20;

    private const long BlockTotal = 128L << 20;

    // One formula is computed by one thread at a time and never waits, so the thread stands for the computation.
    [ThreadStatic]
    private static long _spent;

    /// <summary>Begins a block.</summary>
    public static void Reset() => _spent = 0;

    /// <summary>Refuses a single text of this length.</summary>
    public static void CheckLength(long length)
    {
        if (length > LongestText)
            throw new FormulaError($"the text would have more than {LongestText} characters");
    }

    /// <summary>Takes a text of this length into account, before it is made.</summary>
    public static void Spend(long length)
    {
        CheckLength(length);
        if ((_spent += length) > BlockTotal)
            throw new FormulaError("the texts of this formula take too much memory");
    }
}
