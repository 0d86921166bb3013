namespace Wharf.Protocol;

/// <summary>Bytes, a path or a text are not a ticket.</summary>
public sealed class TicketFormatException : FormatException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="error">What is wrong.</param>
    public TicketFormatException(TicketError error)
        : base((error ?? throw new ArgumentNullException(nameof(error))).Status.Text) => Error = error;

    /// <summary>What is wrong.</summary>
    public TicketError Error { get; }

    /// <summary>What the caller is told.</summary>
    public ProtocolStatus Status => Error.Status;
}
