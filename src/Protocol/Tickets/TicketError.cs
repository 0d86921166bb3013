namespace Wharf.Protocol;

/// <summary>What is wrong with a ticket. Some calls answer an empty one differently, so it can be told from the others.</summary>
public enum TicketErrorKind
{
    /// <summary>There are no bytes, or there is no path.</summary>
    Empty,

    /// <summary>It is longer than the server takes.</summary>
    TooLong,

    /// <summary>Its first byte or first word belongs to no kind of ticket.</summary>
    UnknownRoute,

    /// <summary>Its kind is known; the rest does not fit it.</summary>
    Malformed,

    /// <summary>It is well formed and cannot name anything.</summary>
    NamesNothing,
}

/// <summary>Why bytes or a path are not a ticket.</summary>
/// <param name="Kind">The kind of error.</param>
/// <param name="Status">What the caller is told.</param>
public sealed record TicketError(TicketErrorKind Kind, ProtocolStatus Status);
