namespace Wharf.Protocol;

/// <summary>How a call ended. The numbers are those of gRPC; the gateway makes the transport's status of them.</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    Ok = 0,

    /// <summary>The call, the export or the stream was given up.</summary>
    Cancelled = 1,

    /// <summary>Nothing better is known of the failure.</summary>
    Unknown = 2,

    /// <summary>The request is wrong by itself.</summary>
    InvalidArgument = 3,

    /// <summary>The time limit passed.</summary>
    DeadlineExceeded = 4,

    /// <summary>Nothing has this name.</summary>
    NotFound = 5,

    /// <summary>Something has this name already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A limit is reached.</summary>
    ResourceExhausted = 8,

    /// <summary>The request does not fit the state of what it is about.</summary>
    FailedPrecondition = 9,

    /// <summary>The request came too late to have an effect.</summary>
    Aborted = 10,

    /// <summary>A number lies outside the range that is still open.</summary>
    OutOfRange = 11,

    /// <summary>The server does not serve this.</summary>
    Unimplemented = 12,

    /// <summary>A defect of the server.</summary>
    Internal = 13,

    /// <summary>The server cannot serve this now.</summary>
    Unavailable = 14,

    /// <summary>Data that was there is lost.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
