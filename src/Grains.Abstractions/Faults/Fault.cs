using Wharf.Tables;

namespace Wharf.Grains;

/// <summary>What kind of failure a caller is told of; the numbers are gRPC's.</summary>
[GenerateSerializer]
[Alias("wharf.FaultCode")]
public enum FaultCode
{
    /// <summary>The operation itself was cancelled.</summary>
    Cancelled = 1,

    /// <summary>The request is wrong, or plugin code failed on it.</summary>
    InvalidArgument = 3,

    /// <summary>A time limit ran out.</summary>
    DeadlineExceeded = 4,

    /// <summary>There is no such thing.</summary>
    NotFound = 5,

    /// <summary>There is one already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller may not.</summary>
    PermissionDenied = 7,

    /// <summary>A limit is reached.</summary>
    ResourceExhausted = 8,

    /// <summary>Not in this state.</summary>
    FailedPrecondition = 9,

    /// <summary>Given up.</summary>
    Aborted = 10,

    /// <summary>Beyond what is there.</summary>
    OutOfRange = 11,

    /// <summary>Not served.</summary>
    Unimplemented = 12,

    /// <summary>A defect of ours.</summary>
    Internal = 13,

    /// <summary>Not now; try again.</summary>
    Unavailable = 14,

    /// <summary>The object is lost.</summary>
    DataLoss = 15,

    /// <summary>There is no session.</summary>
    Unauthenticated = 16,
}

/// <summary>A failure as it crosses nodes, already decided: the gateway only writes it down.</summary>
/// <param name="Code">The status.</param>
/// <param name="Message">What the client reads; empty for the bare UNAUTHENTICATED.</param>
/// <param name="ErrorId">The id under which the whole story is in the log, if there is more of it.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.Fault")]
public sealed record Fault([property: Id(0)] FaultCode Code, [property: Id(1)] string Message, [property: Id(2)] string? ErrorId = null)
{
    /// <summary>The session is gone or never was: UNAUTHENTICATED without a text.</summary>
    public static Fault NoSession { get; } = new(FaultCode.Unauthenticated, "");
}

/// <summary>A grain call that ended in a <see cref="Grains.Fault"/>.</summary>
/// <param name="fault">The failure.</param>
[GenerateSerializer]
[Alias("wharf.FaultException")]
public sealed class FaultException(Fault fault) : Exception(fault.Message)
{
    /// <summary>Makes the exception from its parts.</summary>
    /// <param name="code">The status.</param>
    /// <param name="message">What the client reads.</param>
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
