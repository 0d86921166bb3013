namespace Wharf.Protocol;

/// <summary>The kinds of ticket errors. Some calls answer an empty ticket with another status than a malformed one.</summary>
public enum TicketErrorKind
{
    /// <summary>There are no bytes, or the path is empty.</summary>
    Empty,

    /// <summary>The ticket is longer than the limit of the server.</summary>
    TooLong,

    /// <summary>The first byte or the first element of the path is of no known kind.</summary>
    UnknownRoute,

    /// <summary>The kind is known, but the rest does not match it.</summary>
    Malformed,

    /// <summary>The ticket is well formed but can never name anything.</summary>
    NamesNothing,
}

/// <summary>The reason why bytes or a path are not a ticket.</summary>
/// <param name="Kind">The kind of error.</param>
/// <param name="Status">The status for the caller.</param>
public sealed record TicketError(TicketErrorKind Kind, ProtocolStatus Status);
