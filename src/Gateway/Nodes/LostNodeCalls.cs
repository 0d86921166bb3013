using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Runtime;
using Wharf.Grains;
using Wharf.Grains.Objects;

namespace Wharf.Gateway.Nodes;

/// <summary>
/// Fails the pending grain calls to a lost node, as a silo does, instead of waiting for their timeout. Only the ids of objects, tables and nodes contain the node of a grain; a call to any
/// other grain is cancelled on every loss if it may be repeated.
/// </summary>
internal sealed class LostNodeCalls(LiveNodes nodes) : IOutgoingGrainCallFilter
{
    private readonly ConditionalWeakTable<object, Place> _places = [];
    private readonly ConcurrentDictionary<MethodInfo, bool> _repeatable = new();

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        var loss = LossOf(context);
        return loss.CanBeCanceled ? UntilLostAsync(context.Invoke(), loss) : context.Invoke();
    }

    private static async Task UntilLostAsync(Task call, CancellationToken loss)
    {
        try
        {
            await call.WaitAsync(loss);
        }
        catch (OperationCanceledException) when (loss.IsCancellationRequested && !call.IsCompleted)
        {
            throw new SiloUnavailableException("a node that may have received the call was lost");
        }
    }

    private CancellationToken LossOf(IOutgoingGrainCallContext context)
    {
        // A stream uses its reference for each call; the id is parsed once.
        if (!_places.TryGetValue(context.Grain, out var place))
            _places.AddOrUpdate(context.Grain, place = Place.Of(context.TargetId));
        return place.Node is { } node ? nodes.LossOf(node)
            : context.InterfaceMethod is { } method && _repeatable.GetOrAdd(method, IsRepeatable) ? nodes.NextLoss
            : CancellationToken.None;
    }

    private static bool IsRepeatable(MethodInfo method) => method.IsDefined(typeof(RepeatableAttribute));

    private sealed record Place(SiloAddress? Node)
    {
        public static Place Of(GrainId grain) =>
            new(ObjectId.TryParse((grain.Key.ToString() ?? "").Split('|', 2)[0], out var id) ? id.Silo : null);
    }
}
