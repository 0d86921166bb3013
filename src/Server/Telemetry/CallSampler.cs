using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry.Trace;
using Wharf.Grains.Fields;
using Wharf.Grains.Nodes;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Sharing;

namespace Wharf.Server.Telemetry;

/// <summary>
/// Starts traces at calls of clients only, not at background work of the server. The activities under a traced call are traced, except the calls that only
/// wait.
/// </summary>
internal sealed class CallSampler(double ratio) : Sampler
{
    private const string ClientCall = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    // Repeated for the lifetime of a stream or a session. They contain no information and have no children.
    private static readonly FrozenSet<string> Waits = FrozenSet.ToFrozenSet(
    [
        Name(nameof(IPluginObjectGrain), nameof(IPluginObjectGrain.PullAsync)),
        Name(nameof(ISessionGrain), nameof(ISessionGrain.AwaitEndAsync)),
        Name(nameof(ISessionGrain), nameof(ISessionGrain.AwaitWorkAsync)),
        Name(nameof(ISessionGrain), nameof(ISessionGrain.PullBatchAsync)),
        Name(nameof(ISessionGrain), nameof(ISessionGrain.PullNotificationsAsync)),
        Name(nameof(ISessionGrain), nameof(ISessionGrain.PullTableUpdatesAsync)),
        Name(nameof(ISessionGrain), nameof(ISessionGrain.ReadVariablesAsync)),
        Name(nameof(IBrowserStreamGrain), nameof(IBrowserStreamGrain.PullAsync)),
        Name(nameof(IFieldDirectoryGrain), nameof(IFieldDirectoryGrain.ReadAsync)),
        Name(nameof(IFieldDirectoryGrain), nameof(IFieldDirectoryGrain.FollowAsync)),
        Name(nameof(INodesGrain), nameof(INodesGrain.WatchAsync)),
    ]);

    private static readonly SamplingResult Drop = new(SamplingDecision.Drop);
    private static readonly SamplingResult Record = new(SamplingDecision.RecordAndSample);

    private readonly TraceIdRatioBasedSampler _undecided = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        if (parent.TraceId == default)
            return samplingParameters.Name == ClientCall ? _undecided.ShouldSample(samplingParameters) : Drop;
        return (parent.TraceFlags & ActivityTraceFlags.Recorded) == 0 || Waits.Contains(samplingParameters.Name) ? Drop : Record;
    }

    // The name of the activity of a grain call in Orleans.
    private static string Name(string grain, string method) => $"{grain}/{method}";
}
