using System.Collections.Immutable;

namespace Wharf.Grains.Fields;

/// <summary>The in-memory list of fields of a node that follows the directory.</summary>
public sealed class ListedFields
{
    private readonly Dictionary<string, FieldDescription> _fields = [];

    /// <summary>The position of the last part.</summary>
    public FieldPosition Position { get; private set; } = new();

    /// <summary>The fields, by ticket.</summary>
    public IReadOnlyDictionary<string, FieldDescription> Fields => _fields;

    /// <summary>Applies the next part.</summary>
    /// <param name="updates">The part that follows <see cref="Position"/>.</param>
    public void Apply(FieldUpdates updates)
    {
        ArgumentNullException.ThrowIfNull(updates);
        if (updates.IsStart)
            _fields.Clear();
        foreach (var field in updates.Fields)
            _fields[field.Ticket] = field;
        foreach (var ticket in updates.Removed)
            _fields.Remove(ticket);
        Position = updates.Position;
    }
}

/// <summary>Reads the complete list of fields.</summary>
public static class FieldLists
{
    /// <summary>Reads all listed fields in as many calls as necessary, and returns them in the order of their tickets.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public static async Task<ImmutableArray<FieldDescription>> ReadAllAsync(this IFieldDirectoryGrain directory, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var list = new ListedFields();
        FieldUpdates updates;
        do
        {
            updates = await directory.FollowAsync(list.Position, waits: false, cancellationToken).ConfigureAwait(false);
            list.Apply(updates);
        }
        while (updates.HasMore);
        return [.. list.Fields.Values.OrderBy(static field => field.Ticket, StringComparer.Ordinal)];
    }
}
