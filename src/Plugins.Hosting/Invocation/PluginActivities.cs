using System.Diagnostics;

namespace Wharf.Plugins.Hosting;

/// <summary>The spans of calls into plugins, under the source <c>Wharf.Plugins</c>.</summary>
public static class PluginActivities
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "Wharf.Plugins";

    private const string TypeTag = "wharf.object.type";
    private const string StatusTag = "rpc.grpc.status_code";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The span that runs now if it is being recorded; costs nothing while nobody listens.</summary>
    internal static Activity? Current => Source.HasListeners() && Activity.Current is { Recorded: true } current ? current : null;

    /// <summary>Begins the span of a turn under the one in whose course the turn was made.</summary>
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
