using Wharf.Grains.Objects;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.References;

/// <summary>A call into plugin code: what it is handed or makes is held until it returns.</summary>
internal sealed class TurnScope
{
    private static readonly AsyncLocal<TurnScope?> Running = new();

    private List<ServerObject>? _handles;
    private volatile bool _left;

    private TurnScope(LiveObject owner, TurnQueue queue) => (Owner, Queue) = (owner, queue);

    /// <summary>The call that this code belongs to; null outside of any, for instance on a thread that the plugin started for itself.</summary>
    public static TurnScope? Current => Running.Value is { _left: false } scope ? scope : null;

    /// <summary>The object whose code runs.</summary>
    public LiveObject Owner { get; }

    /// <summary>The queue whose next turn begins after the call returns.</summary>
    public TurnQueue Queue { get; }

    /// <summary>Whether the call has returned.</summary>
    public bool HasLeft => _left;

    /// <summary>Begins a call. To be called in the async method that makes the call, so that its end is this method's.</summary>
    public static TurnScope Enter(LiveObject owner, TurnQueue queue) => Running.Value = new TurnScope(owner, queue);

    /// <summary>Lets a handle expire when the call returns.</summary>
    /// <returns>False when it has returned already.</returns>
    public bool TryAdd(ServerObject handle)
    {
        lock (Owner.ScopeGate)
        {
            if (_left)
                return false;
            (_handles ??= []).Add(handle);
            return true;
        }
    }

    /// <summary>The call has returned.</summary>
    public void Leave()
    {
        List<ServerObject>? handles;
        lock (Owner.ScopeGate)
        {
            _left = true;
            handles = _handles;
            _handles = null;
        }

        if (handles is null)
            return;
        foreach (var handle in handles)
            handle.Expire();
    }
}
