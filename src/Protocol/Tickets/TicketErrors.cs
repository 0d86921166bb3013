using System.Globalization;

namespace Wharf.Protocol;

/// <summary>Creates the errors of ticket parsing, with the status for the caller.</summary>
internal static class TicketErrors
{
    // Limits the part of the ticket that is shown: the text is sent in a trailer.
    private const int ShownBytes = 32;
    private const int ShownCharacters = 64;

    public static readonly TicketError Empty = new(TicketErrorKind.Empty, new(StatusCode.FailedPrecondition, "The ticket is empty"));

    public static readonly TicketError EmptyPath = new(
        TicketErrorKind.Empty, new(StatusCode.FailedPrecondition, "The descriptor's path is empty"));

    public static TicketError TooLong(int maxLength) => new(
        TicketErrorKind.TooLong,
        new(StatusCode.ResourceExhausted, string.Create(CultureInfo.InvariantCulture, $"The ticket is longer than {maxLength} bytes")));

    public static TicketError UnknownRoute(byte route) => new(
        TicketErrorKind.UnknownRoute,
        new(StatusCode.FailedPrecondition,
            string.Create(CultureInfo.InvariantCulture, $"Cannot resolve the ticket: no resolver for route byte {route}")));

    public static TicketError UnknownRoute(string word) => new(
        TicketErrorKind.UnknownRoute,
        new(StatusCode.FailedPrecondition, $"Cannot resolve the descriptor: no resolver for route '{Short(word)}'"));

    public static TicketError ExportLength(ReadOnlySpan<byte> bytes) => Malformed(bytes, "an export ticket is 'e' and four bytes");

    public static TicketError SharedLength(ReadOnlySpan<byte> bytes) => Malformed(bytes, "a shared ticket is 'h' and at least one byte");

    public static TicketError ScopeForm(ReadOnlySpan<byte> bytes) => Malformed(bytes, "a scope ticket is 's/' and a name");

    public static TicketError ApplicationForm(ReadOnlySpan<byte> bytes) =>
        Malformed(bytes, "an application ticket is 'a/<application id>/f/<field name>'");

    public static TicketError NotUtf8(ReadOnlySpan<byte> bytes) => Malformed(bytes, "its text is not UTF-8");

    public static TicketError PathLength(string word, int expected, int found) => new(
        TicketErrorKind.Malformed,
        new(StatusCode.FailedPrecondition,
            string.Create(CultureInfo.InvariantCulture, $"A path of route '{word}' has {expected} elements (found: {found})")));

    public static TicketError PathExportId(string id) => new(
        TicketErrorKind.Malformed, new(StatusCode.FailedPrecondition, $"An export id is a 32-bit decimal number (found: '{Short(id)}')"));

    public static TicketError PathHex(string hex) => new(
        TicketErrorKind.Malformed, new(StatusCode.InvalidArgument, $"A shared id in a path is hexadecimal (found: '{Short(hex)}')"));

    public static TicketError PathText(string word) => new(
        TicketErrorKind.Malformed, new(StatusCode.FailedPrecondition, $"A path of route '{word}' is not well-formed text"));

    public static TicketError Name(string problem) => new(TicketErrorKind.Malformed, new(StatusCode.InvalidArgument, problem));

    public static TicketError NoSharedId { get; } = new(
        TicketErrorKind.NamesNothing, new(StatusCode.NotFound, "Nothing is shared under an empty id"));

    public static TicketError NoScopeName { get; } = new(
        TicketErrorKind.NamesNothing, new(StatusCode.NotFound, "No scope variable has an empty name"));

    public static TicketError ApplicationPathWord(string word) => new(
        TicketErrorKind.NamesNothing,
        new(StatusCode.NotFound, $"An application has nothing but fields: the third element is 'field' (found: '{Short(word)}')"));

    public static TicketError ApplicationIdWithSlash(string id) => new(
        TicketErrorKind.NamesNothing, new(StatusCode.NotFound, $"No application '{Short(id)}': an application id has no slash"));

    public static TicketError NotCanonical(string text) => new(
        TicketErrorKind.Malformed, new(StatusCode.InvalidArgument, $"'{Short(text)}' is not the canonical text of a ticket"));

    private static TicketError Malformed(ReadOnlySpan<byte> bytes, string expected)
    {
        var shown = Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, ShownBytes)]);
        if (bytes.Length > ShownBytes)
            shown += string.Create(CultureInfo.InvariantCulture, $"... ({bytes.Length} bytes)");
        return new(TicketErrorKind.Malformed, new(StatusCode.FailedPrecondition, $"Malformed ticket 0x{shown}: {expected}"));
    }

    private static string Short(string text) => NameRules.Shown(text, ShownCharacters);
}
