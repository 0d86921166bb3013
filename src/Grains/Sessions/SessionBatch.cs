using System.Collections.Immutable;

namespace Wharf.Grains.Sessions;

/// <summary>The outcomes of a batch, in the order of their completion.</summary>
internal sealed class SessionBatch(int size)
{
    private readonly List<BatchItem> _items = [];

    public Signal Changed { get; } = new();

    /// <summary>The time of the last outcome.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public void Add(BatchItem item, DateTimeOffset now)
    {
        _items.Add(item);
        if (_items.Count == size)
            EndedAt = now;
        Changed.Set();
    }

    /// <summary>Returns the outcomes after a cursor; null if there are none yet.</summary>
    public BatchOutcomes? Read(int cursor) => cursor < _items.Count || EndedAt is not null
        ? new BatchOutcomes([.. _items.Skip(cursor)], IsDone: EndedAt is not null)
        : null;
}
