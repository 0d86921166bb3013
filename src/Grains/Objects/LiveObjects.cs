using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Objects;

/// <summary>The plugin objects that live on this node, by their ids and by their instances: one instance is one object, however often it is sent out.</summary>
/// <param name="types">The object types of this node.</param>
/// <param name="node">The node.</param>
internal sealed class LiveObjects(ObjectTypeRegistry types, NodeIdentity node)
{
    private readonly ConcurrentDictionary<string, LiveObject> _byId = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<object, LiveObject> _byInstance = new(ReferenceEqualityComparer.Instance);

    /// <summary>All of them, as they are now.</summary>
    public IEnumerable<LiveObject> All => _byId.Values;

    /// <summary>Finds one that has not ended.</summary>
    public LiveObject? Find(string objectId) => FindLate(objectId) is { HasEnded: false } live ? live : null;

    /// <summary>Finds one that may have ended so shortly ago that its streams' callers have not heard of it.</summary>
    public LiveObject? FindLate(string objectId) => _byId.GetValueOrDefault(objectId);

    /// <summary>Makes the shell of a new object, not yet reachable by its instance.</summary>
    public LiveObject New(RegisteredObjectType? type, IConfiguration? arguments, string holder, NodeObjects services)
    {
        var id = node.NewObjectId();
        var reference = new ObjectReference(id.ToString(), ObjectKind.PluginObject, type?.Name ?? "", id.Epoch);
        var live = new LiveObject(reference, type, arguments, services);
        live.TryHold(holder);
        _byId[reference.ObjectId] = live;
        return live;
    }

    /// <summary>Gives a shell its instance.</summary>
    public void Begin(LiveObject live, object instance)
    {
        lock (_gate)
            _byInstance[instance] = live;
        live.Begin(instance);
    }

    /// <summary>Holds the object that an instance is, which becomes reachable if it was not.</summary>
    public ObjectHold HoldInstance(object instance, NodeObjects services)
    {
        LiveObject live;
        ObjectHold hold;
        lock (_gate)
        {
            if (TryHold() is { } held)
                return held;
        }

        // Plugin code recognizes the instance. It may be slow and must not run under the lock.
        var type = types.Find(instance);
        lock (_gate)
        {
            if (TryHold() is { } held)
                return held;
            var holder = services.Holds.NewName();
            live = New(type, null, holder, services);
            _byInstance[instance] = live;
            hold = new ObjectHold(live.Reference, () => live.LetGo(holder));
        }

        live.Begin(instance);
        return hold;

        ObjectHold? TryHold() => _byInstance.TryGetValue(instance, out var known) ? services.Holds.TryHoldHere(known) : null;
    }

    /// <summary>Forgets an object that has ended and whose last words were heard.</summary>
    public void Remove(LiveObject live) => _byId.TryRemove(live.Reference.ObjectId, out _);

    /// <summary>An object has ended: its instance is no object any more.</summary>
    public void Forget(LiveObject live)
    {
        if (live.InstanceOrNull is not { } instance)
            return;
        lock (_gate)
        {
            // The instance may have been sent out again meanwhile, and live anew.
            if (_byInstance.TryGetValue(instance, out var known) && known == live)
                _byInstance.Remove(instance);
        }
    }
}
