using Orleans.Runtime;

namespace Wharf.Server.Cluster.Store;

/// <summary>
/// Declares nodes lost whose processes have ended while the store does not answer: calls to them fail, and new work avoids them. The losses are written to the membership table
/// when the store answers again. Each of the other nodes declares the same loss, because its own connection to the lost node has ended.
/// </summary>
internal sealed class PendingLosses(EndedProcesses gone, StoreState state, TimeProvider time)
{
    private static readonly TimeSpan StoreLimit = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly HashSet<SiloAddress> _silos = [];

    private bool Any
    {
        get
        {
            lock (_lock)
                return _silos.Count > 0;
        }
    }

    /// <summary>Reads the membership table. Returns the last known table if the store does not answer and a loss has to be declared.</summary>
    /// <param name="last">The last known table, with losses that are not written yet.</param>
    /// <param name="read">Reads the store.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public async Task<MembershipTableData> ReadAsync(
        MembershipTableData? last, Func<CancellationToken, Task<MembershipTableData>> read, CancellationToken cancellationToken)
    {
        if (last is null || !(Any || gone.ContainsMemberOf(last)))
            return await read(cancellationToken);
        if (await TryAsync(read, cancellationToken) is { } table)
            return table;
        // Orleans repeats the read at once while it expects a later version.
        await Task.Delay(Pause, time, cancellationToken);
        return last;
    }

    /// <summary>Declares a node lost whose process has ended.</summary>
    /// <param name="silo">The node.</param>
    /// <param name="write">Writes the loss to the store.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>False if another node has changed the table.</returns>
    public async Task<bool> DeclareAsync(SiloAddress silo, Func<CancellationToken, Task<bool>> write, CancellationToken cancellationToken)
    {
        if (await TryAsync(async token => (bool?)await write(token), cancellationToken) is { } isWritten)
            return isWritten;
        lock (_lock)
            _silos.Add(silo);
        return true;
    }

    /// <summary>Writes the losses to a store that answers again.</summary>
    /// <param name="table">The membership table.</param>
    /// <param name="read">The table as it is in the store.</param>
    /// <param name="self">This node.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The table, including the losses.</returns>
    public async Task<MembershipTableData> WriteAsync(IMembershipTable table, MembershipTableData read, SiloAddress self, CancellationToken cancellationToken)
    {
        SiloAddress[] silos;
        lock (_lock)
            silos = [.. _silos];
        foreach (var silo in silos)
        {
            while (read.TryGet(silo) is { Item1.Status: not SiloStatus.Dead } member)
            {
                var lost = Restoration.With(member.Item1, SiloStatus.Dead, member.Item1.IAmAliveTime, (self, time.GetUtcNow().UtcDateTime));
                await table.UpdateRowAsync(lost, member.Item2, read.Version.Next(), cancellationToken);
                read = await table.ReadAllAsync(cancellationToken);
            }

            lock (_lock)
                _silos.Remove(silo);
        }

        return read;
    }

    // Does not wait for a store that is known to be unreachable.
    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        if (state.Absence is not null)
            return default;
        try
        {
            return await call(cancellationToken).WaitAsync(StoreLimit, time, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return default;
        }
    }
}
