using System.Collections.Concurrent;
using Wharf.Grains.Objects;
using Wharf.Tables;

namespace Wharf.Grains.Tables;

/// <summary>The tables whose data is on this node.</summary>
/// <param name="node">The node.</param>
/// <param name="memory">Counts the memory of the tables.</param>
/// <param name="time">The clock.</param>
/// <param name="remote">Fetches tables from other nodes; null on a node without this.</param>
internal sealed class TableStore(NodeIdentity node, MemoryAccountant memory, TimeProvider time, IRemoteTables? remote = null) : INodeTables
{
    private readonly ConcurrentDictionary<string, StoredTable> _tables = new();

    /// <summary>The tables at this moment.</summary>
    public IEnumerable<StoredTable> All => _tables.Values;

    /// <summary>Finds a table that has not ended.</summary>
    public StoredTable? Find(string objectId) => _tables.TryGetValue(objectId, out var table) && !table.HasEnded ? table : null;

    /// <summary>Stores an existing table if the memory budget of its holder's session permits it.</summary>
    /// <inheritdoc cref="Add"/>
    /// <exception cref="TableException">RESOURCE_EXHAUSTED.</exception>
    public ObjectReference AddWithin(ArrowTable table, string holder, TimeSpan? lease = null)
    {
        using (var charge = memory.Open(MemoryUse.Tables, Holder.PayerOf(holder)))
            charge.Require(table.MemoryBytes);
        return Add(table, holder, lease);
    }

    /// <summary>Stores a table. Its memory is charged to the session of its first holder until the table ends, regardless of later holders.</summary>
    /// <param name="table">The table.</param>
    /// <param name="holder">The first holder.</param>
    /// <param name="lease">The time after which the hold expires unless it is renewed.</param>
    /// <returns>The reference to the table.</returns>
    public ObjectReference Add(ArrowTable table, string holder, TimeSpan? lease = null)
    {
        var id = node.NewObjectId();
        if (!table.TryHold())
            throw new InvalidOperationException("a table that has ended cannot be stored");
        var charge = memory.Open(MemoryUse.Tables, Holder.PayerOf(holder));
        table.ChargeTo(charge);
        var stored = new StoredTable(new ObjectReference(id.ToString(), ObjectKind.Table, ObjectReference.TableType, id.Epoch), table, charge, time, _tables);
        stored.TryHold(holder, lease);
        _tables[stored.Reference.ObjectId] = stored;
        return stored.Reference;
    }

    /// <inheritdoc/>
    public ArrowTable? FindHere(string objectId) => HoldLocal(objectId);

    /// <inheritdoc/>
    public bool BelongsHere(string objectId) => !ObjectId.TryParse(objectId, out var id) || id.Silo.Equals(node.Silo);

    /// <summary>
    /// Opens a table of any node. Its data stays readable while the result is used, even if the table ends. A caller that has finished with the result should
    /// release it (<see cref="ArrowTable.LetGo"/>), which returns its memory to the pool; otherwise the garbage collector frees the memory.
    /// </summary>
    /// <param name="objectId">The table's object id.</param>
    /// <param name="payer">The charge for the copy of a table of another node.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The table, held, or null if it does not exist any more.</returns>
    public async ValueTask<ArrowTable?> OpenAsync(string objectId, MemoryCharge? payer, CancellationToken cancellationToken)
    {
        var here = HoldLocal(objectId);
        if (here is not null || remote is null || BelongsHere(objectId))
            return here;
        var fetched = await remote.FetchAsync(objectId, payer, cancellationToken);
        fetched?.TryHold();
        return fetched;
    }

    private ArrowTable? HoldLocal(string objectId) => Find(objectId) is { Table: var table } && table.TryHold() ? table : null;

    /// <inheritdoc/>
    public ValueTask<(string ObjectId, long Epoch)> StoreAsync(ArrowTable table, string holder, CancellationToken cancellationToken)
    {
        var reference = AddWithin(table, holder, GrainLimits.CallLease);
        return ValueTask.FromResult((reference.ObjectId, reference.Epoch));
    }
}

/// <summary>A table whose data is on this node.</summary>
internal sealed class StoredTable(ObjectReference reference, ArrowTable table, MemoryCharge charge, TimeProvider time, ConcurrentDictionary<string, StoredTable> store)
    : HeldObject(reference, time)
{
    private static readonly Action EndedMarker = static () => { };
    private Action? _whenEnded;

    /// <summary>The data.</summary>
    public ArrowTable Table => table;

    /// <summary>Runs an action when the table ends, or immediately if it has ended. Replaces the previous action.</summary>
    /// <param name="action">The action; it runs on any thread and must not throw.</param>
    public void WhenEnded(Action action)
    {
        if (Interlocked.Exchange(ref _whenEnded, action) != EndedMarker)
            return;
        Volatile.Write(ref _whenEnded, EndedMarker);
        action();
    }

    /// <summary>Removes an action of <see cref="WhenEnded"/> unless another action has replaced it.</summary>
    public void RemoveWhenEnded(Action action) => Interlocked.CompareExchange(ref _whenEnded, null, action);

    /// <inheritdoc/>
    protected override void OnEnded()
    {
        store.TryRemove(Reference.ObjectId, out _);
        table.Uncharge();
        charge.Dispose();
        table.LetGo();
        Interlocked.Exchange(ref _whenEnded, EndedMarker)?.Invoke();
    }
}
