using Wharf.Grains.Objects;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.References;

/// <summary>A call into plugin code. Handles that the code receives or creates expire when the call returns.</summary>
internal sealed class TurnScope
{
    private static readonly AsyncLocal<TurnScope?> Running = new();

    private List<ServerObject>? _handles;
    private volatile bool _left;

    private TurnScope(LiveObject owner, TurnQueue queue) => (Owner, Queue) = (owner, queue);

    /// <summary>The current call; null outside of any call, for example on a thread that the plugin has started.</summary>
    public static TurnScope? Current => Running.Value is { _left: false } scope ? scope : null;

    /// <summary>The object whose code runs.</summary>
    public LiveObject Owner { get; }

    /// <summary>The queue of the call, whose next turn begins after the call returns.</summary>
    public TurnQueue Queue { get; }

    /// <summary>Whether the call has returned.</summary>
    public bool HasLeft => _left;

    /// <summary>Begins a call. Call this in the async method that makes the call, so that the scope ends with that method.</summary>
    public static TurnScope Enter(LiveObject owner, TurnQueue queue) => Running.Value = new TurnScope(owner, queue);

    /// <summary>Adds a handle that expires when the call returns.</summary>
    /// <returns>False if the call has returned.</returns>
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

    /// <summary>Ends the call and expires its handles.</summary>
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
