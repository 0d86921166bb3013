using Apache.Arrow;
using Wharf.Tables.Columns;
using Column = Wharf.Tables.Columns.Column;

namespace Wharf.Tables.Schemas;

/// <summary>
/// The schema of a table, with the positions of its columns and the schema message. Tables with the same columns share one, for example all
/// results of the same formulas.
/// </summary>
internal sealed class TableSchema
{
    // Names come from callers: the width and the number of cached schemas are limited.
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
                column.Key, column.Value.Type, column.Value.ArrowType, _attributes.Sortable?.Contains(column.Key) is not false,
                shape.Uploaded?[n])),
            _attributes.ToMetadata());
    }

    /// <summary>The schema, with the metadata for clients.</summary>
    public Schema Arrow { get; }

    /// <summary>The schema as an encapsulated message, which must not be modified.</summary>
    public byte[] Message => _message ??= SchemaMessage.Write(Arrow);

    /// <summary>Returns the schema of columns.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="shape">The parts of the schema that do not follow from their types.</param>
    /// <exception cref="ArgumentException">Two columns have the same name.</exception>
    public static TableSchema Of(IReadOnlyList<KeyValuePair<string, Column>> columns, TableShape shape)
    {
        if (shape.Uploaded is not null || !shape.Attributes.IsCommon || !IsKept(columns))
            return new TableSchema(columns, shape);
        int hash = HashOf(columns, shape.Attributes);
        if (Known.TryGet(hash, out TableSchema? known) && known.IsOf(columns, shape.Attributes))
            return known;
        var made = new TableSchema(columns, shape);

        // On a hash collision, the schema is not cached.
        if (known is null)
            Known.Add(hash, made);
        return made;
    }

    /// <summary>Returns the position of a column, or -1.</summary>
    public int Find(string name) => _positions.TryGetValue(name, out int position) ? position : -1;

    // The Arrow types of computed columns are shared objects; those of uploaded columns are not.
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
