using Wharf.Tables;

namespace Wharf.Grains;

/// <summary>The status of a failure; the numbers are those of gRPC.</summary>
[GenerateSerializer]
[Alias("wharf.FaultCode")]
public enum FaultCode
{
    /// <summary>The operation was cancelled.</summary>
    Cancelled = 1,

    /// <summary>The request is invalid, or plugin code failed on it.</summary>
    InvalidArgument = 3,

    /// <summary>A time limit expired.</summary>
    DeadlineExceeded = 4,

    /// <summary>The target does not exist.</summary>
    NotFound = 5,

    /// <summary>The target exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller does not have the permission.</summary>
    PermissionDenied = 7,

    /// <summary>A limit is reached.</summary>
    ResourceExhausted = 8,

    /// <summary>The operation is not possible in the current state.</summary>
    FailedPrecondition = 9,

    /// <summary>The operation was aborted.</summary>
    Aborted = 10,

    /// <summary>A position is outside of the valid range.</summary>
    OutOfRange = 11,

    /// <summary>The operation is not implemented.</summary>
    Unimplemented = 12,

    /// <summary>A defect of the server.</summary>
    Internal = 13,

    /// <summary>The operation is not possible now; the caller may retry.</summary>
    Unavailable = 14,

    /// <summary>The object is lost.</summary>
    DataLoss = 15,

    /// <summary>The call has no valid session.</summary>
    Unauthenticated = 16,
}

/// <summary>A failure that crosses nodes. The side that fails decides the status and the text; the gateway only writes them to the wire.</summary>
/// <param name="Code">The status.</param>
/// <param name="Message">The text for the client; empty for UNAUTHENTICATED without a text.</param>
/// <param name="ErrorId">The correlation id of the log entry with the full exception, if there is one.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.Fault")]
public sealed record Fault([property: Id(0)] FaultCode Code, [property: Id(1)] string Message, [property: Id(2)] string? ErrorId = null)
{
    /// <summary>The session does not exist or has ended: UNAUTHENTICATED without a text.</summary>
    public static Fault NoSession { get; } = new(FaultCode.Unauthenticated, "");
}

/// <summary>The exception of a grain call that failed with a <see cref="Grains.Fault"/>.</summary>
/// <param name="fault">The failure.</param>
[GenerateSerializer]
[Alias("wharf.FaultException")]
public sealed class FaultException(Fault fault) : Exception(fault.Message)
{
    /// <summary>Creates the exception from a status and a text.</summary>
    /// <param name="code">The status.</param>
    /// <param name="message">The text for the client.</param>
    public FaultException(FaultCode code, string message)
        : this(new Fault(code, message))
    {
    }

    /// <summary>Creates the exception from an interpolated text, formatted in the invariant culture.</summary>
    /// <param name="code">The status.</param>
    /// <param name="message">The text for the client.</param>
    public FaultException(FaultCode code, ref InvariantText message)
        : this(code, message.ToStringAndClear())
    {
    }

    /// <summary>The failure.</summary>
    [Id(0)]
    public Fault Fault { get; } = fault;
}
