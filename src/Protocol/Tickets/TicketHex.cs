using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Wharf.Protocol;

/// <summary>Decodes hexadecimal text, without an exception for invalid text.</summary>
internal static class TicketHex
{
    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = text.Length % 2 == 0 ? new byte[text.Length / 2] : null;
        if (bytes is not null && Convert.FromHexString(text, bytes, out _, out _) != OperationStatus.Done)
            bytes = null;
        return bytes is not null;
    }
}
