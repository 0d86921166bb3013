namespace Wharf.Plugins.Hosting;

/// <summary>The failure of a call into a plugin, as its caller receives it.</summary>
/// <param name="Code">The number of the gRPC status.</param>
/// <param name="Message">The text. It ends with the error id if there is one.</param>
/// <param name="ErrorId">The id of the log entry with the exception, if there is one.</param>
public sealed record PluginFault(int Code, string Message, string? ErrorId = null)
{
    /// <summary>gRPC's number for CANCELLED.</summary>
    public const int Cancelled = 1;

    /// <summary>gRPC's number for INVALID_ARGUMENT.</summary>
    public const int InvalidArgument = (int)PluginStatus.InvalidArgument;

    /// <summary>gRPC's number for DEADLINE_EXCEEDED.</summary>
    public const int DeadlineExceeded = (int)PluginStatus.DeadlineExceeded;

    /// <summary>gRPC's number for UNAVAILABLE.</summary>
    public const int Unavailable = (int)PluginStatus.Unavailable;
}
