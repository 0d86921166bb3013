namespace Wharf.Protocol;

/// <summary>The status codes of gRPC, with the same numbers. The gateway converts them to the status of the transport.</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    Ok = 0,

    /// <summary>The call, the export or the stream was cancelled.</summary>
    Cancelled = 1,

    /// <summary>The cause of the failure is unknown.</summary>
    Unknown = 2,

    /// <summary>The request is invalid, regardless of the state of the server.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline expired.</summary>
    DeadlineExceeded = 4,

    /// <summary>The named entity does not exist.</summary>
    NotFound = 5,

    /// <summary>An entity with this name already exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is authenticated but not allowed to make the call.</summary>
    PermissionDenied = 7,

    /// <summary>A limit or a quota is exceeded.</summary>
    ResourceExhausted = 8,

    /// <summary>The request does not fit the current state of its target.</summary>
    FailedPrecondition = 9,

    /// <summary>The operation was aborted by a concurrent change.</summary>
    Aborted = 10,

    /// <summary>A number is outside the valid range.</summary>
    OutOfRange = 11,

    /// <summary>The server does not implement this call.</summary>
    Unimplemented = 12,

    /// <summary>A defect of the server.</summary>
    Internal = 13,

    /// <summary>The server cannot serve the call at the moment.</summary>
    Unavailable = 14,

    /// <summary>Data was lost.</summary>
    DataLoss = 15,

    /// <summary>The caller is not authenticated.</summary>
    Unauthenticated = 16,
}
