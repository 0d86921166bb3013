namespace Wharf.Tables;

/// <summary>The reason why a table operation failed. The gateway converts it to the gRPC status of the same name.</summary>
public enum TableError
{
    /// <summary>The request is invalid: a wrong formula, type or number.</summary>
    InvalidArgument = 3,

    /// <summary>The result exceeds the memory budget of the session or of the server.</summary>
    ResourceExhausted = 8,

    /// <summary>The request does not match the table: a column that the table does not have.</summary>
    FailedPrecondition = 9,

    /// <summary>The server does not implement the operation.</summary>
    Unimplemented = 12,
}

/// <summary>The exception for a failed table operation, with a message for the caller.</summary>
public sealed class TableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">The kind of failure.</param>
    /// <param name="message">The text for the caller.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public TableException(TableError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    /// <summary>Creates the exception from an interpolated text, formatted in the invariant culture.</summary>
    /// <param name="error">The kind of failure.</param>
    /// <param name="message">The text for the caller.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public TableException(TableError error, ref InvariantText message, Exception? inner = null)
        : this(error, message.ToStringAndClear(), inner)
    {
    }

    /// <summary>The kind of failure.</summary>
    public TableError Error { get; }
}
