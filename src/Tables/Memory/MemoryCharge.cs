using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables;

/// <summary>Bytes that a session uses for one purpose. They are returned when the charge is disposed. Thread-safe.</summary>
public sealed class MemoryCharge : IDisposable
{
    private readonly MemoryAccountant _accountant;
    private int _isClosed;

    internal MemoryCharge(
        MemoryAccountant accountant, MemoryUse use, MemoryAccountant.Account? session, MemoryAccountant.Account? principal)
    {
        _accountant = accountant;
        (Use, Session, Principal) = (use, session, principal);
    }

    internal MemoryUse Use { get; }

    internal MemoryAccountant.Account? Session { get; }

    internal MemoryAccountant.Account? Principal { get; }

    /// <summary>The bytes of the charge; the accountant's lock guards it.</summary>
    internal long Bytes { get; set; }

    /// <summary>Adds bytes.</summary>
    /// <param name="bytes">The bytes; a negative number returns some.</param>
    /// <exception cref="TableException">RESOURCE_EXHAUSTED: a budget would be exceeded. Nothing was added.</exception>
    public void Add(long bytes)
    {
        if (bytes > 0)
            _accountant.Add(this, bytes);
        else if (bytes < 0)
            _accountant.Force(this, bytes);
    }

    /// <summary>Adds bytes unless a budget would be exceeded.</summary>
    /// <param name="bytes">The bytes; a negative number returns some.</param>
    /// <returns>Whether they were added.</returns>
    public bool TryAdd(long bytes)
    {
        if (bytes > 0)
            return _accountant.TryAdd(this, bytes);
        _accountant.Force(this, bytes);
        return true;
    }

    /// <summary>Adds bytes that are already allocated.</summary>
    /// <param name="bytes">The bytes; a negative number returns some.</param>
    public void Force(long bytes) => _accountant.Force(this, bytes);

    /// <summary>Throws if bytes could not be added.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="TableException">RESOURCE_EXHAUSTED: a budget would be exceeded.</exception>
    public void Require(long bytes) => _accountant.Require(this, bytes);

    /// <summary>Opens another charge for the same use and owner.</summary>
    /// <returns>The charge.</returns>
    public MemoryCharge OpenAnother() => _accountant.Open(Use, Session?.Name, Principal?.Name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            _accountant.Close(this);
    }
}
