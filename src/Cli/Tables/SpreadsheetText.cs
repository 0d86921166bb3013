using Apache.Arrow.Types;

namespace Wharf.Cli.Tables;

/// <summary>Escapes texts that a spreadsheet would evaluate as formulas when it opens a CSV file.</summary>
internal static class SpreadsheetText
{
    private const string Starts = "=+-@\t\r\n";

    /// <summary>Puts an apostrophe before a text that begins like a formula; a spreadsheet hides the apostrophe.</summary>
    public static string Escape(string text) => text.Length > 0 && Starts.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    /// <summary>Returns whether the values of a type are numbers, which are not escaped.</summary>
    public static bool IsNumber(IArrowType type) => type is NumberType or FixedSizeBinaryType and not { TypeId: ArrowTypeId.FixedSizedBinary }
        || (type is DictionaryType dictionary && IsNumber(dictionary.ValueType));
}
