using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;

namespace Wharf.Security.Authorization;

/// <summary>The form of a ticket.</summary>
public enum TicketForm
{
    /// <summary>A variable of the scope.</summary>
    Scope,

    /// <summary>A field of an application.</summary>
    Application,

    /// <summary>A shared ticket.</summary>
    Shared,
}

/// <summary>A name that occurs in one request only, so that it can be recognized wherever it arrives.</summary>
internal sealed partial class Marker(TicketForm form)
{
    private static int _last;

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"mark-{Interlocked.Increment(ref _last)}-");

    public TicketForm Form => form;

    /// <summary>The text for a field of strings.</summary>
    public string Name => _name;

    /// <summary>The bytes of the ticket.</summary>
    public ByteString Bytes => ByteString.CopyFromUtf8(form switch
    {
        TicketForm.Scope => $"s/{_name}",
        TicketForm.Application => $"a/{_name}/f/field",
        _ => $"h{_name}",
    });

    /// <summary>The elements of the path.</summary>
    public string[] Path => form switch
    {
        TicketForm.Scope => ["scope", _name],
        TicketForm.Application => ["app", _name, "field", "field"],
        _ => ["shared", Hex(_name)],
    };

    /// <summary>The part of the canonical text by which the ticket is recognized.</summary>
    public string Recognized => form switch
    {
        TicketForm.Scope => $"scope/{_name}",
        TicketForm.Application => $"app/{_name}/",
        _ => Hex(_name),
    };

    /// <summary>Finds the recognized parts of any markers in bytes.</summary>
    public static IEnumerable<string> Find(ReadOnlySpan<byte> bytes) => AnyMarker().Matches(Encoding.Latin1.GetString(bytes)).Select(static match => match.Value);

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));

    // "mark-", digits and "-": as text, and in hexadecimal.
    [GeneratedRegex("scope/mark-[0-9]+-|app/mark-[0-9]+-/|6d61726b2d(3[0-9])+2d")]
    private static partial Regex AnyMarker();
}
