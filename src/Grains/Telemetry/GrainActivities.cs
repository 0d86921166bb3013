using System.Diagnostics;
using Orleans.Runtime;

namespace Wharf.Grains.Telemetry;

/// <summary>The activities of operations outside of grain calls, with the source <c>Wharf.Grains</c>; grain calls have the activities of Orleans.</summary>
public static class GrainActivities
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "Wharf.Grains";

    // The key under which Orleans passes an activity from call to call.
    private const string TraceParent = "traceparent";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The current activity if it is recorded; no cost without listeners.</summary>
    internal static Activity? Current => Source.HasListeners() && Activity.Current is { Recorded: true } current ? current : null;

    /// <summary>Sets the current activity to that of the request that caused an operation. Call this in the async method of the operation.</summary>
    internal static void Continue(Activity? cause)
    {
        if (!Source.HasListeners())
            return;
        Activity.Current = cause;
        if (cause is null)
            RequestContext.Remove(TraceParent);
    }

    /// <summary>Starts the activity of an operation; null unless it is part of a trace.</summary>
    internal static Activity? Begin(string name) => Current is null ? null : Source.StartActivity(name);
}
