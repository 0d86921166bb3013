using System.Collections.Immutable;
using Wharf.Grains.Objects;
using Wharf.Grains.Tables;
using Wharf.Plugins;

namespace Wharf.Grains.References;

/// <summary>
/// Maps between object references of the cluster and the handles that the code of one live object receives. It also tracks the handles that the object keeps,
/// and releases them when the object ends.
/// </summary>
internal sealed class ReferenceMapper(LiveObject owner, IReferenceServices services)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ObjectHold> _kept = [];
    private bool _ended;

    /// <summary>The services of the node.</summary>
    public IReferenceServices Services => services;

    /// <summary>The object that owns the handles.</summary>
    public LiveObject Owner => owner;

    /// <summary>Maps the values that a plugin sends to references; the result holds their objects.</summary>
    /// <exception cref="PluginException">A handle has expired.</exception>
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

    /// <summary>Maps one value that a plugin sends to a hold on its object.</summary>
    public ObjectHold Export(object value) => value is ServerObject handle ? handle.Share() : services.HoldInstance(value);

    /// <summary>Maps the references of a message to handles, which take over the holder of the message.</summary>
    public IReadOnlyList<ServerObject> Import(ImmutableArray<ObjectReference> references, string holder)
    {
        var handles = new ServerObject[references.Length];
        var seen = new HashSet<string>(references.Length);
        for (var n = 0; n < handles.Length; n++)
        {
            // An object that occurs twice in a message is held once under the holder of the message; the second handle needs its own count.
            handles[n] = seen.Add(references[n].ObjectId) || !references[n].IsLive
                ? Wrap(services.Holds.Adopt(references[n], holder), isKept: false)
                : Wrap(handles.First(handle => handle.Id == references[n].ObjectId).Share(), isKept: false);
        }

        return handles;
    }

    /// <summary>Creates a handle that expires when the running call returns, or with the object if no call runs.</summary>
    public ServerObject CreateHandle(ObjectHold hold)
    {
        var handle = Wrap(hold, isKept: false);
        if (TurnScope.Current?.TryAdd(handle) != true)
            Track(hold);
        return handle;
    }

    /// <summary>Creates a handle that the plugin keeps.</summary>
    public ServerObject Keep(ObjectHold hold)
    {
        if (!hold.TryShare())
            throw new PluginException(PluginStatus.FailedPrecondition, "the handle is not held any more");
        // A separate hold, so that each kept handle can be released by itself.
        var share = new ObjectHold(hold.Reference, hold.Release);
        Track(share);
        return Wrap(share, isKept: true);
    }

    /// <summary>Creates a kept handle that owns a hold.</summary>
    public ServerObject KeepOwned(ObjectHold hold)
    {
        Track(hold);
        return Wrap(hold, isKept: true);
    }

    /// <summary>Releases a kept hold.</summary>
    public void ReleaseKept(ObjectHold hold)
    {
        bool mine;
        lock (_gate)
            mine = _kept.Remove(hold);
        if (mine)
            hold.Release();
    }

    /// <summary>Releases all kept holds: the object ends.</summary>
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

    private void Track(ObjectHold hold)
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
