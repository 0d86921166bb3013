using Apache.Arrow;

namespace Wharf.Tables;

/// <summary>
/// The schema of a table, and what is made of it: where each name is, and the message that clients read. Tables with the same columns, as every run of the same formulas makes, share one.
/// </summary>
internal sealed class TableSchema
{
    // Names come from callers: neither wide tables nor many different ones may fill the memory.
    private const int WidestKept = 16, LongestKept = 64, MostKept = 1024;

    private static readonly BoundedCache<int, TableSchema> Known = new(MostKept);

    private readonly EngineType[] _types;
    private readonly Dictionary<string, int> _positions;
    private readonly TableAttributes _attributes;
    private byte[]? _message;

    private TableSchema(IReadOnlyList<KeyValuePair<string, Column>> columns, TableShape shape)
    {
        _types = [.. columns.Select(static column => column.Value.Type)];
        _positions = new Dictionary<string, int>(columns.Count, StringComparer.Ordinal);
        foreach ((string name, _) in columns)
            _positions.Add(name, _positions.Count);
        _attributes = shape.Attributes;
        Arrow = new Schema(
            columns.Select((column, n) => SchemaMetadata.Field(
                column.Key, column.Value.Type, column.Value.ArrowType, _attributes.Sortable?.Contains(column.Key) is not false, shape.Uploaded?[n])),
            _attributes.ToMetadata());
    }

    /// <summary>The schema with the metadata that clients read.</summary>
    public Schema Arrow { get; }

    /// <summary>The schema as an encapsulated message; nobody writes to it.</summary>
    public byte[] Message => _message ??= SchemaMessage.Write(Arrow);

    /// <summary>The schema of columns.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="shape">The parts of the schema that do not follow from their types.</param>
    /// <exception cref="ArgumentException">Two of them have the same name.</exception>
    public static TableSchema Of(IReadOnlyList<KeyValuePair<string, Column>> columns, TableShape shape)
    {
        if (shape.Uploaded is not null || !shape.Attributes.IsCommon || !IsKept(columns))
            return new TableSchema(columns, shape);
        int hash = HashOf(columns, shape.Attributes);
        if (Known.TryGet(hash, out TableSchema? known) && known.IsOf(columns, shape.Attributes))
            return known;
        var made = new TableSchema(columns, shape);

        // Other columns of the same hash have a schema of their own each time, until the first is forgotten.
        if (known is null)
            Known.Add(hash, made);
        return made;
    }

    /// <summary>Where the column of a name is, or -1.</summary>
    public int Find(string name) => _positions.TryGetValue(name, out int position) ? position : -1;

    // The Arrow types of the engine's own columns follow from what the values are; those of uploaded columns are objects of their own each time.
    private static bool IsKept(IReadOnlyList<KeyValuePair<string, Column>> columns)
    {
        if (columns.Count > WidestKept)
            return false;
        foreach ((string name, Column column) in columns)
        {
            if (name.Length > LongestKept || !ReferenceEquals(column.ArrowType, ArrowMapping.ToArrow(column.Type)))
                return false;
        }

        return true;
    }

    private static int HashOf(IReadOnlyList<KeyValuePair<string, Column>> columns, TableAttributes attributes)
    {
        var hash = default(HashCode);
        hash.Add(attributes);
        foreach ((string name, Column column) in columns)
        {
            hash.Add(name);
            hash.Add(column.Type.Kind);
        }

        return hash.ToHashCode();
    }

    private bool IsOf(IReadOnlyList<KeyValuePair<string, Column>> columns, TableAttributes attributes)
    {
        if (columns.Count != _types.Length || attributes != _attributes)
            return false;
        for (int n = 0; n < columns.Count; n++)
        {
            if (columns[n].Value.Type != _types[n] || columns[n].Key != Arrow.GetFieldByIndex(n).Name)
                return false;
        }

        return true;
    }
}
