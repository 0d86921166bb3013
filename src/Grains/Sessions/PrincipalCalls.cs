namespace Wharf.Grains.Sessions;

/// <summary>Counts the waiting calls of each principal in all of its sessions on this node.</summary>
internal sealed class PrincipalCalls(int most)
{
    private readonly int _most = most;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>Adds a session of a principal.</summary>
    public Count Join(string principal)
    {
        lock (_gate)
        {
            if (!_counts.TryGetValue(principal, out var count))
                _counts.Add(principal, count = new Count(this, principal));
            count.Sessions++;
            return count;
        }
    }

    /// <summary>The number of principals with sessions.</summary>
    public int Principals
    {
        get
        {
            lock (_gate)
                return _counts.Count;
        }
    }

    private void Leave(Count count)
    {
        lock (_gate)
        {
            if (--count.Sessions == 0)
                _counts.Remove(count.Principal);
        }
    }

    /// <summary>The calls of one principal.</summary>
    internal sealed class Count(PrincipalCalls all, string principal)
    {
        private int _waiting;

        public string Principal => principal;

        /// <summary>The number of sessions that share the count; guarded by the lock of all.</summary>
        public int Sessions { get; set; }

        /// <summary>Throws if the principal would have too many waiting calls.</summary>
        /// <exception cref="FaultException">RESOURCE_EXHAUSTED.</exception>
        public void Require(int added)
        {
            if (added > all._most - Volatile.Read(ref _waiting))
                throw new FaultException(FaultCode.ResourceExhausted, $"A principal has at most {all._most} waiting calls on a node (Wharf:Sessions:MaxWaitingCallsPerPrincipal)");
        }

        public void Add(int calls) => Interlocked.Add(ref _waiting, calls);

        /// <summary>Removes a session that has ended; all of its calls have been answered.</summary>
        public void Leave() => all.Leave(this);
    }
}
