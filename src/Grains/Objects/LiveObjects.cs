using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Objects;

/// <summary>The live plugin objects of this node, by id and by instance. An instance is one object, regardless of how often it is sent.</summary>
/// <param name="types">The object types of this node.</param>
/// <param name="node">The node.</param>
internal sealed class LiveObjects(ObjectTypeRegistry types, NodeIdentity node)
{
    private readonly ConcurrentDictionary<string, LiveObject> _byId = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<object, LiveObject> _byInstance = new(ReferenceEqualityComparer.Instance);

    /// <summary>The objects at this moment.</summary>
    public IEnumerable<LiveObject> All => _byId.Values;

    /// <summary>Finds an object that has not ended.</summary>
    public LiveObject? Find(string objectId) => FindIncludingEnded(objectId) is { HasEnded: false } live ? live : null;

    /// <summary>Finds an object that may have ended so recently that the callers of its streams may not have received the end.</summary>
    public LiveObject? FindIncludingEnded(string objectId) => _byId.GetValueOrDefault(objectId);

    /// <summary>Creates a live object without its instance.</summary>
    public LiveObject New(RegisteredObjectType? type, IConfiguration? arguments, string holder, NodeObjects services)
    {
        var id = node.NewObjectId();
        var reference = new ObjectReference(id.ToString(), ObjectKind.PluginObject, type?.Name ?? "", id.Epoch);
        var live = new LiveObject(reference, type, arguments, services);
        live.TryHold(holder);
        _byId[reference.ObjectId] = live;
        return live;
    }

    /// <summary>Sets the instance of a live object, which makes it reachable.</summary>
    public void Begin(LiveObject live, object instance)
    {
        lock (_gate)
            _byInstance[instance] = live;
        live.Begin(instance);
    }

    /// <summary>Holds the object of an instance. Creates the object if the instance has none.</summary>
    public ObjectHold HoldInstance(object instance, NodeObjects services)
    {
        LiveObject live;
        ObjectHold hold;
        lock (_gate)
        {
            if (TryHold() is { } held)
                return held;
        }

        // This calls plugin code, which may be slow and must not run under the lock.
        var type = types.Find(instance);
        lock (_gate)
        {
            if (TryHold() is { } held)
                return held;
            var holder = services.Holds.NewName();
            live = New(type, null, holder, services);
            _byInstance[instance] = live;
            hold = new ObjectHold(live.Reference, () => live.Release(holder));
        }

        live.Begin(instance);
        return hold;

        ObjectHold? TryHold() => _byInstance.TryGetValue(instance, out var known) ? services.Holds.TryHoldLocal(known) : null;
    }

    /// <summary>Removes an object that has ended and whose streams are removed.</summary>
    public void Remove(LiveObject live) => _byId.TryRemove(live.Reference.ObjectId, out _);

    /// <summary>Removes the instance of an object that has ended.</summary>
    public void RemoveInstance(LiveObject live)
    {
        if (live.InstanceOrNull is not { } instance)
            return;
        lock (_gate)
        {
            // The instance may have been sent again since, as a new object.
            if (_byInstance.TryGetValue(instance, out var known) && known == live)
                _byInstance.Remove(instance);
        }
    }
}
