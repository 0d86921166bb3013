namespace Wharf.Tables.Formulas;

/// <summary>
/// Limits the size of the strings that a formula creates: of each string, and of a block of rows, because all strings of a block are in
/// memory before they are written.
/// </summary>
internal static class TextBudget
{
    /// <summary>The maximum length of a string, in UTF-16 code units.</summary>
    public const int LongestText = 16 << 20;

    private const long BlockTotal = 128L << 20;

    // A formula is computed synchronously by one thread at a time, so the state of a thread is that of the computation.
    [ThreadStatic]
    private static long _spent;

    /// <summary>Starts a block.</summary>
    public static void Reset() => _spent = 0;

    /// <summary>Throws if a string of this length is too long.</summary>
    public static void CheckLength(long length)
    {
        if (length > LongestText)
            throw new FormulaError($"the string would have more than {LongestText} characters");
    }

    /// <summary>Counts a string before it is created.</summary>
    public static void Spend(long length)
    {
        CheckLength(length);
        if ((_spent += length) > BlockTotal)
            throw new FormulaError("the strings of this formula take too much memory");
    }
}
