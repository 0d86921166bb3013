namespace Wharf.Tables;

/// <summary>Why a table operation failed. The border turns it into the gRPC status of the same name.</summary>
public enum TableError
{
    /// <summary>The request is wrong: a bad formula, a bad type, a bad number.</summary>
    InvalidArgument = 3,

    /// <summary>The result does not fit into the memory of its session or of the server.</summary>
    ResourceExhausted = 8,

    /// <summary>The request does not fit this table: a column that it does not have.</summary>
    FailedPrecondition = 9,

    /// <summary>This server does not compute it.</summary>
    Unimplemented = 12,
}

/// <summary>A table operation failed, with a message for the one who asked for it.</summary>
public sealed class TableException : Exception
{
    /// <summary>Makes the failure.</summary>
    /// <param name="error">The kind of failure.</param>
    /// <param name="message">What the caller reads.</param>
    /// <param name="inner">What led to it, if anything.</param>
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
