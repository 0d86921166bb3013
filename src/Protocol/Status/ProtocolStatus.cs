namespace Wharf.Protocol;

/// <summary>A promised ending of a call: what the client branches on, and what its user reads.</summary>
/// <param name="Code">The code.</param>
/// <param name="Text">The text; empty for a missing session, which the protocol answers without one.</param>
public sealed record ProtocolStatus(StatusCode Code, string Text)
{
    /// <summary>The caller has no session. The protocol sends no text with it.</summary>
    public static ProtocolStatus NoSession { get; } = new(StatusCode.Unauthenticated, "");

    /// <inheritdoc/>
    public override string ToString() => Text.Length == 0 ? $"{Code}" : $"{Code}: {Text}";
}
