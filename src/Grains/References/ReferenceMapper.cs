using System.Collections.Immutable;
using Wharf.Grains.Objects;
using Wharf.Grains.Tables;
using Wharf.Plugins;

namespace Wharf.Grains.References;

/// <summary>
/// The border between object references of the cluster and what the code of one live object sees. It also knows what that object keeps: all of it is let go of when the
/// object ends.
/// </summary>
internal sealed class ReferenceMapper(LiveObject owner, NodeObjects node)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ObjectHold> _kept = [];
    private bool _ended;

    /// <summary>The node's objects.</summary>
    public NodeObjects Node => node;

    /// <summary>The object whose code it is.</summary>
    public LiveObject Owner => owner;

    /// <summary>From what a plugin sends to references, each held by the result.</summary>
    /// <exception cref="PluginException">A handle is not held any more.</exception>
    public ExportedReferences Export(IReadOnlyList<object?> values)
    {
        var references = ImmutableArray.CreateBuilder<ObjectReference>(values.Count);
        var holds = ImmutableArray.CreateBuilder<ObjectHold>(values.Count);
        try
        {
            foreach (var value in values)
            {
                if (value is null)
                {
                    references.Add(ObjectReference.Null);
                    continue;
                }

                var hold = Export(value);
                holds.Add(hold);
                references.Add(hold.Reference);
            }
        }
        catch
        {
            foreach (var hold in holds)
                hold.Release();
            throw;
        }

        return new ExportedReferences(references.MoveToImmutable(), holds.ToImmutable());
    }

    /// <summary>From one thing that a plugin sends to a hold on it.</summary>
    public ObjectHold Export(object value) => value is ServerObject handle ? handle.Share() : node.Live.HoldInstance(value, node);

    /// <summary>From the references of a message to handles; each takes over the message's holder.</summary>
    public IReadOnlyList<ServerObject> Import(ImmutableArray<ObjectReference> references, string holder)
    {
        var handles = new ServerObject[references.Length];
        var seen = new HashSet<string>(references.Length);
        for (var n = 0; n < handles.Length; n++)
        {
            // An object that comes twice in a message is held once under the message's name; the second handle needs a share of its own.
            handles[n] = seen.Add(references[n].ObjectId) || !references[n].IsLive
                ? Wrap(node.Holds.Adopt(references[n], holder), isKept: false)
                : Wrap(handles.First(handle => handle.Id == references[n].ObjectId).Share(), isKept: false);
        }

        return handles;
    }

    /// <summary>Makes a handle that lives as long as the running call, or as long as the object if no call runs.</summary>
    public ServerObject Lend(ObjectHold hold)
    {
        var handle = Wrap(hold, isKept: false);
        if (TurnScope.Current?.TryAdd(handle) != true)
            Remember(hold);
        return handle;
    }

    /// <summary>Makes a handle that the plugin keeps.</summary>
    public ServerObject Keep(ObjectHold hold)
    {
        if (!hold.TryShare())
            throw new PluginException(PluginStatus.FailedPrecondition, "the handle is not held any more");
        // A share of its own, so that each kept handle can be let go of by itself.
        var share = new ObjectHold(hold.Reference, hold.Release);
        Remember(share);
        return Wrap(share, isKept: true);
    }

    /// <summary>Creates a kept handle that owns a hold.</summary>
    public ServerObject KeepFound(ObjectHold hold)
    {
        Remember(hold);
        return Wrap(hold, isKept: true);
    }

    /// <summary>Lets go of what was kept.</summary>
    public void LetGo(ObjectHold hold)
    {
        bool mine;
        lock (_gate)
            mine = _kept.Remove(hold);
        if (mine)
            hold.Release();
    }

    /// <summary>The object ends: lets go of everything that it keeps.</summary>
    public void End()
    {
        ObjectHold[] kept;
        lock (_gate)
        {
            _ended = true;
            kept = [.. _kept];
            _kept.Clear();
        }

        foreach (var hold in kept)
            hold.Release();
    }

    private void Remember(ObjectHold hold)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _kept.Add(hold);
                return;
            }
        }

        hold.Release();
    }

    private ServerObject Wrap(ObjectHold hold, bool isKept) => hold.Reference.Kind switch
    {
        ObjectKind.Table => new TableHandle(this, hold, isKept),
        ObjectKind.PluginObject => new ObjectHandle(this, hold, isKept),
        _ => new ServerObject(this, hold, isKept),
    };
}
