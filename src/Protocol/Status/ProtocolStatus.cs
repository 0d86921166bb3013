namespace Wharf.Protocol;

/// <summary>A status with which a call ends: a code for programs and a text for users.</summary>
/// <param name="Code">The code.</param>
/// <param name="Text">The text; empty for a missing session, for which the protocol sends none.</param>
public sealed record ProtocolStatus(StatusCode Code, string Text)
{
    /// <summary>The caller has no session. The protocol sends no text with this status.</summary>
    public static ProtocolStatus NoSession { get; } = new(StatusCode.Unauthenticated, "");

    /// <inheritdoc/>
    public override string ToString() => Text.Length == 0 ? $"{Code}" : $"{Code}: {Text}";
}
