namespace Wharf.Grains.Fields;

/// <summary>
/// The stored names, and a version that each change of a listed field increments. The cost of a change does not depend on the number of fields.
/// </summary>
internal sealed class FieldTable
{
    private readonly Dictionary<string, StoredField> _fields = [];
    private readonly Dictionary<string, int> _applications = [];

    /// <summary>The last changes.</summary>
    public FieldLog Log { get; } = new();

    /// <summary>The current version. It begins at 1: version 0 is that of a reader without a list.</summary>
    public long Version => Log.Version;

    /// <summary>The stored names, including those without an object.</summary>
    public IReadOnlyCollection<StoredField> All => _fields.Values;

    /// <summary>Loads the names that an earlier activation stored. The version increases, so that its readers read again.</summary>
    public void Restore(IEnumerable<StoredField> fields, long version)
    {
        foreach (var field in fields)
            Put(field.Ticket, field);
        Log.Reset(Math.Max(version + 1, Version));
    }

    /// <summary>Finds a name.</summary>
    public StoredField? Find(string ticket) => _fields.GetValueOrDefault(ticket);

    /// <summary>Returns whether a listed field belongs to an application.</summary>
    public bool HasApplication(string applicationId) => _applications.ContainsKey(applicationId);

    /// <summary>Stores or removes a name.</summary>
    /// <returns>Whether a listed field has changed.</returns>
    public bool Apply(string ticket, StoredField? field)
    {
        var before = Put(ticket, field)?.Field;
        if (ReferenceEquals(before, field?.Field))
            return false;
        Log.Add(ticket, field?.Field);
        return true;
    }

    /// <summary>Reads all listed fields, in the order of their tickets.</summary>
    public FieldList Read() =>
        new(Version, [.. _fields.Values.Select(static field => field.Field).OfType<FieldDescription>().OrderBy(static field => field.Ticket, StringComparer.Ordinal)]);

    private StoredField? Put(string ticket, StoredField? field)
    {
        if (_fields.Remove(ticket, out var before) && before.Field is { } old && --_applications[old.ApplicationId] == 0)
            _applications.Remove(old.ApplicationId);
        if (field is null)
            return before;
        _fields[ticket] = field;
        if (field.Field is { } listed)
            _applications[listed.ApplicationId] = _applications.GetValueOrDefault(listed.ApplicationId) + 1;
        return before;
    }
}
