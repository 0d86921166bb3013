using System.Collections.Immutable;

namespace Wharf.Grains.Sessions;

/// <summary>Creates exports of the objects that plugins send. A repeated call receives the ids of the first one.</summary>
internal sealed class SentObjects(ExportTable table, RetryingCalls calls, Func<int, long, string> holderOf, Action apply)
{
    private readonly Dictionary<string, Task<ImmutableArray<int>>> _byKey = [];
    private readonly Queue<(string From, DateTimeOffset At)> _keys = new();

    public bool HasAny => _keys.Count > 0;

    public Task<ImmutableArray<int>> ExportAsync(ImmutableArray<ObjectReference> references, string from, DateTimeOffset now)
    {
        if (_byKey.TryGetValue(from, out var known))
            return known;
        var exporting = ExportAsync(references);

        // After a refusal there is nothing that a repeated call could create twice.
        if (!exporting.IsFaulted)
        {
            _byKey.Add(from, exporting);
            _keys.Enqueue((from, now));
        }

        return exporting;
    }

    /// <summary>Removes the calls before a time, which are no longer repeated.</summary>
    public void RemoveBefore(DateTimeOffset before)
    {
        while (_keys.TryPeek(out var oldest) && oldest.At <= before)
            _byKey.Remove(_keys.Dequeue().From);
    }

    private async Task<ImmutableArray<int>> ExportAsync(ImmutableArray<ObjectReference> references)
    {
        var ids = table.ReserveServerIds(references.Length);
        var faults = await Task.WhenAll(references.Zip(ids, HoldAsync));
        for (var i = 0; i < ids.Length; i++)
            table.AddServerMade(ids[i], new ExportValue(references[i]), faults[i]);
        apply();
        if (!table.HasEnded)
            return ids;

        foreach (var (reference, id) in references.Zip(ids))
            await calls.ReleaseAsync(reference, holderOf(id, 0));
        throw new FaultException(Fault.NoSession);
    }

    // An object that does not exist any more becomes a failed export.
    private async Task<Fault?> HoldAsync(ObjectReference reference, int id)
    {
        try
        {
            await calls.HoldAsync(reference, holderOf(id, 0), lease: null, CancellationToken.None);
            return null;
        }
        catch (Exception failed)
        {
            return Faults.From(failed, calls.Logger);
        }
    }
}
