namespace Wharf.Protocol;

/// <summary>The exception for bytes, a path or a text that is not a ticket.</summary>
public sealed class TicketFormatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">The error.</param>
    public TicketFormatException(TicketError error)
        : base((error ?? throw new ArgumentNullException(nameof(error))).Status.Text) => Error = error;

    /// <summary>The error.</summary>
    public TicketError Error { get; }

    /// <summary>The status for the caller.</summary>
    public ProtocolStatus Status => Error.Status;
}
