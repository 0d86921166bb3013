namespace Wharf.Plugins;

/// <summary>The status that a <see cref="PluginException"/> carries to the client; the numbers are gRPC's.</summary>
public enum PluginStatus
{
    /// <summary>The request is wrong.</summary>
    InvalidArgument = 3,

    /// <summary>It took too long.</summary>
    DeadlineExceeded = 4,

    /// <summary>There is no such thing.</summary>
    NotFound = 5,

    /// <summary>There is one already.</summary>
    AlreadyExists = 6,

    /// <summary>This caller may not.</summary>
    PermissionDenied = 7,

    /// <summary>A limit is reached.</summary>
    ResourceExhausted = 8,

    /// <summary>Not in this state.</summary>
    FailedPrecondition = 9,

    /// <summary>Given up.</summary>
    Aborted = 10,

    /// <summary>Not offered.</summary>
    Unimplemented = 12,

    /// <summary>A defect of the plugin.</summary>
    Internal = 13,

    /// <summary>Not now.</summary>
    Unavailable = 14,

    /// <summary>What was asked for is lost.</summary>
    DataLoss = 15,
}

/// <summary>A failure whose status and message reach the client as they are.</summary>
public class PluginException : Exception
{
    /// <summary>Makes a failure with status INVALID_ARGUMENT.</summary>
    /// <param name="message">What the client reads.</param>
    public PluginException(string message)
        : this(PluginStatus.InvalidArgument, message)
    {
    }

    /// <summary>Makes a failure.</summary>
    /// <param name="status">The status.</param>
    /// <param name="message">What the client reads.</param>
    /// <param name="inner">What led to it, if anything.</param>
    public PluginException(PluginStatus status, string message, Exception? inner = null)
        : base(message, inner) => Status = status;

    /// <summary>The status.</summary>
    public PluginStatus Status { get; }
}

/// <summary>A message was sent on a stream that has ended.</summary>
public sealed class StreamClosedException : PluginException
{
    /// <summary>Makes the failure.</summary>
    public StreamClosedException()
        : base(PluginStatus.InvalidArgument, "error performing a MessageStream operation: the stream has ended")
    {
    }
}
