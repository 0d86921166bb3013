namespace Wharf.Grains.References;

/// <summary>The objects that the running handler of a serial object waits for.</summary>
internal sealed class WaitSet(Objects.LiveObject owner)
{
    private readonly Lock _gate = new();
    private readonly List<Wait> _waits = [];

    /// <summary>The ids of the objects that the handler waits for now.</summary>
    public IReadOnlyList<string> Targets
    {
        get
        {
            lock (_gate)
                return [.. _waits.Where(static wait => wait.Blocks).Select(static wait => wait.Target)];
        }
    }

    /// <summary>
    /// Begins a wait. It counts only while it delays the next message of the object: in a handler of a serial object, until that handler returns.
    /// </summary>
    public Wait Begin(string target)
    {
        var wait = new Wait(this, target, owner.IsSerial && TurnScope.Current is { } scope && scope.Owner == owner ? scope : null);
        if (wait.Blocks)
        {
            lock (_gate)
                _waits.Add(wait);
        }

        return wait;
    }

    private void End(Wait wait)
    {
        lock (_gate)
            _waits.Remove(wait);
    }

    /// <summary>A wait, until it is disposed.</summary>
    public sealed class Wait(WaitSet set, string target, TurnScope? scope) : IDisposable
    {
        /// <summary>The object that the handler waits for.</summary>
        public string Target => target;

        /// <summary>Whether the wait delays the next message of the object.</summary>
        public bool Blocks => scope is { HasLeft: false };

        public void Dispose() => set.End(this);
    }
}
