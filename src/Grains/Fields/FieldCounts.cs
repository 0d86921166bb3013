namespace Wharf.Grains.Fields;

/// <summary>
/// Counts the names of each principal and of each session, including those of changes that are not stored yet. Not thread-safe: one grain uses it on its
/// scheduler.
/// </summary>
internal sealed class FieldCounts
{
    private readonly Dictionary<(Kind Kind, string Key), int> _counts = [];

    private enum Kind
    {
        VariableOfOwner,
        VariableOfSession,
        Created,
    }

    /// <summary>The number of variables of a principal.</summary>
    public int VariablesOf(string owner) => _counts.GetValueOrDefault((Kind.VariableOfOwner, owner));

    /// <summary>The number of variables of a session.</summary>
    public int VariablesOfSession(string sessionId) => _counts.GetValueOrDefault((Kind.VariableOfSession, sessionId));

    /// <summary>The number of objects that a principal has created, including those that are being created.</summary>
    public int CreatedBy(string owner) => _counts.GetValueOrDefault((Kind.Created, owner));

    /// <summary>Counts a change of a name.</summary>
    public void Move(StoredField? from, StoredField? to)
    {
        if (ReferenceEquals(from, to))
            return;
        Count(from, -1);
        Count(to, 1);
    }

    /// <summary>Counts an object that is being created.</summary>
    /// <returns>A token whose disposal ends the creation.</returns>
    public IDisposable BeginCreation(string owner)
    {
        Add(Kind.Created, owner, 1);
        return new Creation(this, owner);
    }

    private void Count(StoredField? name, int change)
    {
        if (name is { Configuration: { } configuration })
        {
            Add(Kind.Created, configuration.Owner, change);
        }
        else if (name is { Field: { } field })
        {
            Add(Kind.VariableOfOwner, field.Owner, change);
            Add(Kind.VariableOfSession, field.SessionId, change);
        }
    }

    private void Add(Kind kind, string? key, int change)
    {
        if (string.IsNullOrEmpty(key))
            return;
        var count = _counts.GetValueOrDefault((kind, key)) + change;
        if (count == 0)
            _counts.Remove((kind, key));
        else
            _counts[(kind, key)] = count;
    }

    private sealed class Creation(FieldCounts counts, string owner) : IDisposable
    {
        public void Dispose() => counts.Add(Kind.Created, owner, -1);
    }
}
