using System.Collections.Immutable;
using Wharf.Grains.Nodes;

namespace Wharf.Grains.Sessions;

/// <summary>
/// Releases objects in the background, a bounded number at a time: a session may end with a million exports. Objects of this node are released at once;
/// consecutive tables on one other node are released together.
/// </summary>
internal sealed class ReleaseQueue(RetryingCalls calls)
{
    private const int Parallel = 64;

    // The queue yields to calls of the session after this many.
    private const int InOneTurn = 1_000;

    private readonly Queue<(ObjectReference Reference, string Holder)> _waiting = new();
    private int _running;

    public void Add(ObjectReference reference, string holder)
    {
        _waiting.Enqueue((reference, holder));
        if (_running < Parallel)
            _ = PumpAsync();
    }

    private async Task PumpAsync()
    {
        _running++;

        // The call that released the objects completes first.
        await Task.Yield();
        var inTurn = 0;
        while (_waiting.TryDequeue(out var next))
        {
            if (calls.TryReleaseLocal(next.Reference, next.Holder))
            {
                if (++inTurn % InOneTurn == 0)
                    await Task.Yield();
            }
            else if (NodeOf(next.Reference) is { } node)
            {
                await calls.ReleaseTablesAsync(node, TakeTables(next, node));
            }
            else
            {
                await calls.ReleaseAsync(next.Reference, next.Holder);
            }
        }

        _running--;
    }

    private ImmutableArray<TableHold> TakeTables((ObjectReference Reference, string Holder) next, string node)
    {
        var tables = ImmutableArray.CreateBuilder<TableHold>();
        tables.Add(new TableHold(next.Reference.ObjectId, next.Holder));
        while (tables.Count < INodeGrain.MostHolds && _waiting.TryPeek(out next) && NodeOf(next.Reference) == node)
        {
            _waiting.Dequeue();
            tables.Add(new TableHold(next.Reference.ObjectId, next.Holder));
        }

        return tables.DrainToImmutable();
    }

    private static string? NodeOf(ObjectReference reference) => reference.Kind == ObjectKind.Table ? NodeGrains.FindNameOf(reference.ObjectId) : null;
}
