namespace Wharf.Plugins.Hosting;

/// <summary>How a call into a plugin failed, as its caller may know it.</summary>
/// <param name="Code">The number of the gRPC status.</param>
/// <param name="Message">The text; ends with the error id if there is one.</param>
/// <param name="ErrorId">Under what the log has the whole failure, if it has it.</param>
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
