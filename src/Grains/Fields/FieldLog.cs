namespace Wharf.Grains.Fields;

/// <summary>The last changes of the listed fields. Each change increments the version.</summary>
/// <param name="capacity">The maximum number of changes.</param>
internal sealed class FieldLog(int capacity = FieldLog.Capacity)
{
    /// <summary>The default maximum number of changes.</summary>
    public const int Capacity = 4096;

    private readonly (string Ticket, FieldDescription? Field)[] _changes = new (string, FieldDescription?)[capacity];
    private long _start = 1;

    /// <summary>The version after the last change.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>The change after a version.</summary>
    public (string Ticket, FieldDescription? Field) this[long version] => _changes[version % capacity];

    /// <summary>Clears the log and continues from a version.</summary>
    public void Reset(long version)
    {
        Array.Clear(_changes);
        (_start, Version) = (version, version);
    }

    /// <summary>Adds a change.</summary>
    /// <param name="ticket">The field.</param>
    /// <param name="field">Its description after the change; null if it was removed.</param>
    public void Add(string ticket, FieldDescription? field)
    {
        _changes[Version % capacity] = (ticket, field);
        Version++;
    }

    /// <summary>Returns whether the log has all changes since a version.</summary>
    public bool Reaches(long version) => version <= Version && version >= Math.Max(_start, Version - capacity);
}
