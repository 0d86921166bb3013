using System.Text;

namespace Wharf.Tables;

/// <summary>UTF-8 as Java writes it: half of a character becomes a question mark.</summary>
internal static class TextEncoding
{
    public static Encoding Utf8 { get; } = Encoding.GetEncoding("utf-8", new EncoderReplacementFallback("?"), DecoderFallback.ReplacementFallback);
}
