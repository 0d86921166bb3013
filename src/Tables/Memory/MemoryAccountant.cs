using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables;

/// <summary>
/// Counts the memory that sessions use on this node, and rejects requests that exceed the budget of a session, of a principal or of the
/// process. Each use is a <see cref="MemoryCharge"/>, which returns its bytes when it is disposed. An account exists as long as a charge
/// refers to it.
/// </summary>
public sealed class MemoryAccountant
{
    private const int Uses = 3;

    // From this size on, measuring is cheaper than the allocation.
    private const long LargeBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Account> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Account> _principals = new(StringComparer.Ordinal);
    private readonly long[] _reserved = new long[Uses];
    private readonly MemoryPressure _pressure;
    private long _all, _refusals;

    /// <summary>Creates an accountant.</summary>
    /// <param name="limits">The budgets.</param>
    /// <param name="time">The clock that limits the frequency of collections.</param>
    public MemoryAccountant(MemoryLimits limits, TimeProvider time)
        : this(limits, time, new MemoryGauge())
    {
    }

    internal MemoryAccountant(MemoryLimits limits, TimeProvider time, MemoryGauge gauge)
    {
        ArgumentNullException.ThrowIfNull(limits);
        Limits = limits;
        _pressure = new MemoryPressure(gauge, limits.Refusal, time);
    }

    /// <summary>The budgets.</summary>
    public MemoryLimits Limits { get; }

    /// <summary>The bytes of all charges.</summary>
    public long Reserved => Interlocked.Read(ref _all);

    /// <summary>The number of rejected requests.</summary>
    public long Refusals => Interlocked.Read(ref _refusals);

    /// <summary>The bytes in use: the last measurement plus those reserved since.</summary>
    public long Used => Math.Max(Reserved, _pressure.Estimate(Reserved));

    /// <summary>The number of sessions with an account.</summary>
    public int Sessions
    {
        get
        {
            lock (_gate)
                return _sessions.Count;
        }
    }

    /// <summary>The bytes of all charges for one use.</summary>
    /// <param name="use">The use.</param>
    /// <returns>The bytes.</returns>
    public long ReservedFor(MemoryUse use)
    {
        lock (_gate)
            return _reserved[(int)use];
    }

    /// <summary>Measures whether the process rejects new work.</summary>
    /// <returns>True if the memory in use reaches the bound.</returns>
    public bool IsFull()
    {
        _pressure.Measure(Reserved, 1);
        return IsOver(1);
    }

    /// <summary>Throws if the process rejects new work.</summary>
    /// <exception cref="TableException">RESOURCE_EXHAUSTED.</exception>
    public void RequireRoom() => RequireProcess(1);

    /// <summary>Opens a charge of zero bytes.</summary>
    /// <param name="use">The purpose of the memory.</param>
    /// <param name="session">The id of the session that pays; empty if no session does.</param>
    /// <param name="principal">The principal of the session, if it is known. The account of the session keeps it.</param>
    /// <returns>The charge.</returns>
    /// <exception cref="TableException">RESOURCE_EXHAUSTED: the session has too many uploads in progress.</exception>
    public MemoryCharge Open(MemoryUse use, ReadOnlySpan<char> session, string? principal = null)
    {
        lock (_gate)
        {
            var owner = session.IsEmpty ? null : Find(_sessions, session);
            if (owner is not null && principal is not null)
                owner.Principal ??= principal;
            var group = owner?.Principal is { } known ? Find(_principals, known) : null;
            if (use == MemoryUse.Uploads)
            {
                RequireUpload(owner, Limits.UploadsOfSession, "session");
                RequireUpload(group, Limits.UploadsOfPrincipal, "principal");
            }

            Join(_sessions, owner, use);
            Join(_principals, group, use);
            return new MemoryCharge(this, use, owner, group);
        }
    }

    internal bool TryAdd(MemoryCharge charge, long bytes)
    {
        if (FindRefusal(charge, bytes, add: true) is null)
            return true;
        Interlocked.Increment(ref _refusals);
        return false;
    }

    internal void Add(MemoryCharge charge, long bytes)
    {
        if (FindRefusal(charge, bytes, add: true) is { } refusal)
            throw Refuse(refusal);
    }

    internal void Require(MemoryCharge charge, long bytes)
    {
        if (FindRefusal(charge, bytes, add: false) is { } refusal)
            throw Refuse(refusal);
    }

    internal void Force(MemoryCharge charge, long bytes)
    {
        lock (_gate)
            Change(charge, bytes);
    }

    internal void Close(MemoryCharge charge)
    {
        lock (_gate)
        {
            Change(charge, -charge.Bytes);
            Leave(_sessions, charge.Session, charge.Use);
            Leave(_principals, charge.Principal, charge.Use);
        }
    }

    private string? FindRefusal(MemoryCharge charge, long bytes, bool add)
    {
        if (bytes >= LargeBytes)
            _pressure.Refresh(Reserved);
        if (IsOver(bytes))
        {
            _pressure.Measure(Reserved, bytes);
            if (IsOver(bytes))
                return MemoryErrors.OfProcess(Limits);
        }

        lock (_gate)
        {
            var use = charge.Use;
            if (charge.Session is { } session && bytes > Limits.OfSession(use) - session.Bytes[(int)use])
                return MemoryErrors.OfOwner("session", Limits.OfSession(use), use);
            if (charge.Principal is { } principal && bytes > Limits.OfPrincipal(use) - principal.Bytes[(int)use])
                return MemoryErrors.OfOwner("principal", Limits.OfPrincipal(use), use);
            if (add)
                Change(charge, bytes);
            return null;
        }
    }

    private bool IsOver(long bytes) => bytes > Limits.Refusal - Reserved || _pressure.IsOver(Reserved, bytes);

    private void RequireProcess(long bytes)
    {
        _pressure.Refresh(Reserved);
        if (!IsOver(bytes))
            return;
        _pressure.Measure(Reserved, bytes);
        if (IsOver(bytes))
            throw Refuse(MemoryErrors.OfProcess(Limits));
    }

    private TableException Refuse(string refusal)
    {
        Interlocked.Increment(ref _refusals);
        return new TableException(TableError.ResourceExhausted, refusal);
    }

    private void RequireUpload(Account? account, int most, string owner)
    {
        if (account is not null && account.Uploads >= most)
            throw Refuse(MemoryErrors.OfUploads(owner, most));
    }

    private void Change(MemoryCharge charge, long bytes)
    {
        charge.Bytes += bytes;
        _reserved[(int)charge.Use] += bytes;
        Interlocked.Add(ref _all, bytes);
        if (charge.Session is { } session)
            session.Bytes[(int)charge.Use] += bytes;
        if (charge.Principal is { } principal)
            principal.Bytes[(int)charge.Use] += bytes;
    }

    private static Account Find(Dictionary<string, Account> accounts, ReadOnlySpan<char> name) =>
        accounts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var account) ? account : new Account(name.ToString());

    private static void Join(Dictionary<string, Account> accounts, Account? account, MemoryUse use)
    {
        if (account is null)
            return;
        if (account.Charges++ == 0)
            accounts.Add(account.Name, account);
        if (use == MemoryUse.Uploads)
            account.Uploads++;
    }

    private static void Leave(Dictionary<string, Account> accounts, Account? account, MemoryUse use)
    {
        if (account is null)
            return;
        if (use == MemoryUse.Uploads)
            account.Uploads--;
        if (--account.Charges == 0)
            accounts.Remove(account.Name);
    }

    /// <summary>The memory of a session or a principal.</summary>
    internal sealed class Account(string name)
    {
        public string Name => name;

        public string? Principal { get; set; }

        public long[] Bytes { get; } = new long[Uses];

        public int Charges { get; set; }

        public int Uploads { get; set; }
    }
}
