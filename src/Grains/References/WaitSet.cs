namespace Wharf.Grains.References;

/// <summary>The objects that the running handler of a serial object waits for.</summary>
internal sealed class WaitSet(Objects.LiveObject owner)
{
    private readonly Lock _gate = new();
    private readonly List<string> _targets = [];

    /// <summary>What is waited for now.</summary>
    public IReadOnlyList<string> Now
    {
        get
        {
            lock (_gate)
                return [.. _targets];
        }
    }

    /// <summary>A wait begins. It counts only where it keeps the object from its next message: in a handler of a serial object.</summary>
    public Wait Begin(string target)
    {
        var blocks = owner.IsSerial && TurnScope.Current?.Owner == owner;
        if (blocks)
        {
            lock (_gate)
                _targets.Add(target);
        }

        return new Wait(this, target, blocks);
    }

    private void End(string target)
    {
        lock (_gate)
            _targets.Remove(target);
    }

    /// <summary>A wait, until it is disposed.</summary>
    public readonly struct Wait(WaitSet set, string target, bool blocks) : IDisposable
    {
        /// <summary>Whether it keeps the object from its next message.</summary>
        public bool Blocks => blocks;

        public void Dispose()
        {
            if (blocks)
                set.End(target);
        }
    }
}
