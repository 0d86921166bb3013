using System.Diagnostics;
using Orleans.Runtime;

namespace Wharf.Grains.Telemetry;

/// <summary>The spans of work that goes on beside grain calls, under the source <c>Wharf.Grains</c>; the calls themselves have those of Orleans.</summary>
public static class GrainActivities
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "Wharf.Grains";

    // Under this name Orleans hands a span on from call to call.
    private const string TraceParent = "traceparent";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The span that runs now if it is being recorded; costs nothing while nobody listens.</summary>
    internal static Activity? Current => Source.HasListeners() && Activity.Current is { Recorded: true } current ? current : null;

    /// <summary>Goes on under the span in whose course something was asked for, whoever it is that the work is done by. To be called in the async method that does it.</summary>
    internal static void Continue(Activity? cause)
    {
        if (!Source.HasListeners())
            return;
        Activity.Current = cause;
        if (cause is null)
            RequestContext.Remove(TraceParent);
    }

    /// <summary>Begins the span of work; null unless it is part of a trace.</summary>
    internal static Activity? Begin(string name) => Current is null ? null : Source.StartActivity(name);
}
