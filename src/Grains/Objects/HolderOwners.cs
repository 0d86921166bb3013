namespace Wharf.Grains.Objects;

/// <summary>The owners of the holders on this node that may be lost: sessions and nodes.</summary>
internal sealed class HolderOwners
{
    private readonly HashSet<string> _sessions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _sessionLookup;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _nodeLookup;

    public HolderOwners()
    {
        _sessionLookup = _sessions.GetAlternateLookup<ReadOnlySpan<char>>();
        _nodeLookup = _nodes.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The sessions.</summary>
    public HashSet<string> Sessions => _sessions;

    /// <summary>The nodes, in their parsable form.</summary>
    public HashSet<string> Nodes => _nodes;

    /// <summary>Whether there are no owners.</summary>
    public bool IsEmpty => _sessions.Count == 0 && _nodes.Count == 0;

    /// <summary>Adds the owner of a holder, if it has one.</summary>
    public void AddOwnerOf(string holder)
    {
        // A session may own a million holders: only the first allocates a string for its owner.
        if (Holder.SessionOf(holder) is { IsEmpty: false } session)
            _sessionLookup.Add(session);
        else if (Holder.NodeOf(holder) is { IsEmpty: false } node)
            _nodeLookup.Add(node);
    }

    /// <summary>Returns whether the owner of a holder is in this set.</summary>
    public bool ContainsOwnerOf(string holder) => Holder.SessionOf(holder) is { IsEmpty: false } session
        ? _sessionLookup.Contains(session)
        : Holder.NodeOf(holder) is { IsEmpty: false } node && _nodeLookup.Contains(node);
}
