using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Wharf.Protocol;

/// <summary>The text inside tickets: strict UTF-8, so that encoding and decoding are inverse to each other.</summary>
internal static class TicketText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Encode(string text) => Strict.GetBytes(text);

    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        text = System.Text.Unicode.Utf8.IsValid(bytes) ? Strict.GetString(bytes) : null;
        return text is not null;
    }

    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int used) != System.Buffers.OperationStatus.Done)
                return false;
            text = text[used..];
        }
        return true;
    }

    public static string RequireWellFormed(string text, string parameter) =>
        IsWellFormed(text) ? text : throw new ArgumentException("the text contains an unpaired surrogate", parameter);
}
