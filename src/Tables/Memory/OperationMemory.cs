using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables;

/// <summary>
/// The memory that an operation allocates while it runs. Blocks of columns are charged to the budget of the session, in steps, before they
/// are allocated: an operation that exceeds the budget fails with RESOURCE_EXHAUSTED and does not affect others. All threads of the
/// operation share it.
/// </summary>
internal sealed class OperationMemory(MemoryCharge charge)
{
    private const long Step = 1 << 20;

    [ThreadStatic]
    private static OperationMemory? _current;

    private readonly Lock _gate = new();
    private long _taken, _reserved;

    /// <summary>The operation of this thread, if its memory is counted.</summary>
    public static OperationMemory? Current => _current;

    /// <summary>Sets the operation of this thread.</summary>
    /// <param name="operation">The operation, or null for none.</param>
    /// <returns>A scope that restores the previous operation.</returns>
    public static Scope Enter(OperationMemory? operation)
    {
        var scope = new Scope(_current);
        _current = operation;
        return scope;
    }

    /// <summary>Counts a block before it is allocated.</summary>
    /// <exception cref="TableException">RESOURCE_EXHAUSTED.</exception>
    public void Add(long bytes)
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

    /// <summary>Returns a block. The operation keeps its reservation until it ends.</summary>
    public void Return(long bytes)
    {
        lock (_gate)
            _taken = Math.Max(0, _taken - bytes);
    }

    /// <summary>Throws if the budget does not allow a result of an estimated size.</summary>
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

    /// <summary>Restores the previous operation.</summary>
    internal readonly struct Scope(OperationMemory? before) : IDisposable
    {
        public void Dispose() => _current = before;
    }
}
