namespace Wharf.Tables;

/// <summary>
/// The memory that an operation allocates while it runs. Blocks of columns are counted against the budget of the session before they are allocated, in steps, so that an operation that
/// outgrows the budget fails with RESOURCE_EXHAUSTED and costs no other one. All threads that work on the operation share it.
/// </summary>
internal sealed class OperationMemory(MemoryCharge charge)
{
    private const long Step = 1 << 20;

    [ThreadStatic]
    private static OperationMemory? _current;

    private readonly Lock _gate = new();
    private long _taken, _reserved;

    /// <summary>The operation that this thread works on, if its memory is counted.</summary>
    public static OperationMemory? Current => _current;

    /// <summary>Makes an operation the current one of this thread.</summary>
    /// <param name="operation">The operation, or null for none.</param>
    /// <returns>Restores the previous one when it is disposed of.</returns>
    public static Scope Enter(OperationMemory? operation)
    {
        var scope = new Scope(_current);
        _current = operation;
        return scope;
    }

    /// <summary>Counts a block that is about to be allocated.</summary>
    /// <exception cref="TableException">RESOURCE_EXHAUSTED.</exception>
    public void Take(long bytes)
    {
        lock (_gate)
        {
            if (_taken + bytes > _reserved)
            {
                long more = Math.Max(_taken + bytes - _reserved, Math.Min(Step, Math.Max(bytes, _reserved)));
                charge.Add(more);
                _reserved += more;
            }

            _taken += bytes;
        }
    }

    /// <summary>Returns a block. The operation keeps its reservation to its end.</summary>
    public void Give(long bytes)
    {
        lock (_gate)
            _taken = Math.Max(0, _taken - bytes);
    }

    /// <summary>Refuses a result that is too large before any of it is allocated.</summary>
    /// <param name="bytes">The estimate.</param>
    /// <exception cref="TableException">RESOURCE_EXHAUSTED.</exception>
    public void Require(long bytes)
    {
        lock (_gate)
        {
            if (_taken + bytes > _reserved)
                charge.Require(_taken + bytes - _reserved);
        }
    }

    /// <summary>Restores the operation that was current before.</summary>
    internal readonly struct Scope(OperationMemory? before) : IDisposable
    {
        public void Dispose() => _current = before;
    }
}
