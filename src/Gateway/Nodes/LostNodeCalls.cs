using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Runtime;
using Wharf.Grains;
using Wharf.Grains.Objects;

namespace Wharf.Gateway.Nodes;

/// <summary>
/// Lets a program that is no silo lose a node as a silo does: a call that waits for a grain of that node fails at once, and not when its time is over. Where a grain is, only the
/// names of objects, tables and nodes say; a call to any other is given up if it may be made again.
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
            throw new SiloUnavailableException("a node was lost that may have been asked");
        }
    }

    private CancellationToken LossOf(IOutgoingGrainCallContext context)
    {
        // A reference is used again and again, as long as a stream; its name is read once.
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
