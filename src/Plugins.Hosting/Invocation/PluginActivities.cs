using System.Diagnostics;

namespace Wharf.Plugins.Hosting;

/// <summary>The activities of calls into plugins, from the source <c>Wharf.Plugins</c>.</summary>
public static class PluginActivities
{
    /// <summary>The name of the activity source.</summary>
    public const string SourceName = "Wharf.Plugins";

    private const string TypeTag = "wharf.object.type";
    private const string StatusTag = "rpc.grpc.status_code";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The current activity if it is recorded. Does nothing if the source has no listener.</summary>
    internal static Activity? Current => Source.HasListeners() && Activity.Current is { Recorded: true } current ? current : null;

    /// <summary>Starts the activity of a turn as a child of the activity that created the turn.</summary>
    internal static Activity? Begin(string type, PluginTurn turn)
    {
        if (turn.Cause is not { } cause)
            return null;
        Activity? activity = Source.StartActivity($"{type} {turn.Name}", ActivityKind.Internal, cause.Context);
        activity?.SetTag(TypeTag, type);
        return activity;
    }

    internal static void End(Activity activity, PluginFault? fault)
    {
        if (fault is not null)
            activity.SetTag(StatusTag, fault.Code).SetStatus(ActivityStatusCode.Error, fault.Message);
        activity.Stop();
    }
}
