namespace Wharf.Grains.Fields;

/// <summary>The last changes of the listed fields, by version: each change has the next one.</summary>
/// <param name="capacity">The most changes that it keeps.</param>
internal sealed class FieldLog(int capacity = FieldLog.Capacity)
{
    /// <summary>The most changes that a directory keeps.</summary>
    public const int Capacity = 4096;

    private readonly (string Ticket, FieldDescription? Field)[] _changes = new (string, FieldDescription?)[capacity];
    private long _start = 1;

    /// <summary>The version after the last change.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>The change that followed a version.</summary>
    public (string Ticket, FieldDescription? Field) this[long version] => _changes[version % capacity];

    /// <summary>Begins anew at a version.</summary>
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

    /// <summary>Whether all changes since a version are here.</summary>
    public bool Reaches(long version) => version <= Version && version >= Math.Max(_start, Version - capacity);
}
