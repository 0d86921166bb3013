using System.Text;

namespace Wharf.Tables.Columns;

/// <summary>UTF-8 as Java encodes it: an unpaired surrogate becomes a question mark.</summary>
internal static class TextEncoding
{
    public static Encoding Utf8 { get; } = Encoding.GetEncoding(
        "utf-8", new EncoderReplacementFallback("?"), DecoderFallback.ReplacementFallback);
}
