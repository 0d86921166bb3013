namespace Wharf.Plugins;

/// <summary>The status of a <see cref="PluginException"/>, which the client receives. The values are those of gRPC.</summary>
public enum PluginStatus
{
    /// <summary>The request is invalid.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline expired.</summary>
    DeadlineExceeded = 4,

    /// <summary>The requested entity does not exist.</summary>
    NotFound = 5,

    /// <summary>The entity already exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller does not have the permission.</summary>
    PermissionDenied = 7,

    /// <summary>A limit or quota is exhausted.</summary>
    ResourceExhausted = 8,

    /// <summary>The state of the object does not allow the operation.</summary>
    FailedPrecondition = 9,

    /// <summary>The operation was aborted.</summary>
    Aborted = 10,

    /// <summary>The operation is not implemented.</summary>
    Unimplemented = 12,

    /// <summary>An internal error of the plugin.</summary>
    Internal = 13,

    /// <summary>The service is currently unavailable.</summary>
    Unavailable = 14,

    /// <summary>The data is lost.</summary>
    DataLoss = 15,
}

/// <summary>An exception whose status and message are sent to the client unchanged.</summary>
public class PluginException : Exception
{
    /// <summary>Creates an exception with status INVALID_ARGUMENT.</summary>
    /// <param name="message">The message for the client.</param>
    public PluginException(string message)
        : this(PluginStatus.InvalidArgument, message)
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="status">The status.</param>
    /// <param name="message">The message for the client.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public PluginException(PluginStatus status, string message, Exception? inner = null)
        : base(message, inner) => Status = status;

    /// <summary>The status.</summary>
    public PluginStatus Status { get; }
}

/// <summary>Thrown if a message is sent on a stream that has ended.</summary>
public sealed class StreamClosedException : PluginException
{
    /// <summary>Creates the exception.</summary>
    public StreamClosedException()
        : base(PluginStatus.InvalidArgument, "error performing a MessageStream operation: the stream has ended")
    {
    }
}
