using System.Collections.Immutable;

namespace Wharf.Grains.Fields;

/// <summary>The named fields and a version that grows with every change.</summary>
internal sealed class FieldTable
{
    private readonly Dictionary<string, FieldDescription> _fields = [];

    /// <summary>Begins at 1: a reader that knows nothing has version 0.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>Takes up what an earlier directory knew, as a change of it: whoever read from that one reads again.</summary>
    public void Restore(FieldList earlier)
    {
        foreach (var field in earlier.Fields)
            _fields[field.Ticket] = field;
        Version = earlier.Version + 1;
    }

    public FieldDescription? Find(string ticket) => _fields.GetValueOrDefault(ticket);

    public bool HasApplication(string applicationId) => _fields.Values.Any(field => field.ApplicationId == applicationId);

    /// <summary>Puts a field in its place.</summary>
    /// <returns>What the field held before.</returns>
    public ObjectReference? Set(FieldDescription field)
    {
        var before = Find(field.Ticket)?.Object;
        _fields[field.Ticket] = field;
        Version++;
        return before;
    }

    /// <summary>Takes a field away.</summary>
    /// <returns>What it held, or null when there was none.</returns>
    public ObjectReference? Remove(string ticket)
    {
        if (!_fields.Remove(ticket, out var field))
            return null;
        Version++;
        return field.Object;
    }

    public FieldList Read() => new(Version, [.. _fields.Values.OrderBy(field => field.Ticket, StringComparer.Ordinal)]);
}
