using Wharf.Tables.Operations;

namespace Wharf.Tables.Schemas;

/// <summary>
/// The attributes of a table, which are part of its schema. They follow from the operations that created the table, not from its rows. Each
/// operation keeps some attributes of its input and drops others, as on the reference server.
/// </summary>
internal sealed class TableAttributes
{
    private const string Prefix = "deephaven:attribute.", TypePrefix = "deephaven:attribute_type.",
        UnsentPrefix = "deephaven:unsent.attribute.";
    private const string FlatName = "IsFlat", AddOnlyName = "AddOnly", AppendOnlyName = "AppendOnly";
    private const string SortableName = "SortableColumns", UploadName = "BarrageSchema";
    private const string BooleanType = "java.lang.Boolean", StringType = "java.lang.String";

    /// <summary>The attributes of a computed table with all rows of its input.</summary>
    public static readonly TableAttributes Flat = new([], isFlat: true, hasUploadSchema: false);

    /// <summary>The attributes of a table that was computed from selected rows.</summary>
    public static readonly TableAttributes None = new([], isFlat: false, hasUploadSchema: false);

    /// <summary>The attributes of selected rows of a table without own attributes.</summary>
    public static readonly TableAttributes Rows = new(AppendOnly(), isFlat: false, hasUploadSchema: false);

    /// <summary>The attributes of distinct rows.</summary>
    public static readonly TableAttributes DistinctRows = new(AppendOnly(), isFlat: true, hasUploadSchema: false);

    private static readonly HashSet<string> DroppedByRows = ["MergedTable", "AggregationRowLookup"];
    private static readonly HashSet<string> KeptByView = ["LayoutHints", "EmptySourceTable", "MergedTable", SortableName];
    private static readonly HashSet<string> KeptByUpdate = [SortableName];

    private static readonly HashSet<string> DroppedByUpdateView =
    [
        AddOnlyName, AppendOnlyName, "BlinkTable", "SortedColumns", "FilterableColumns", "TableDescription", "AggregationRowLookup",
        "PluginName",
        "MergedTable",
    ];

    private static readonly TableAttributes[] Common = [Flat, None, Rows, DistinctRows];

    private readonly SortedDictionary<string, (string Type, string Value)> _values;

    private TableAttributes(SortedDictionary<string, (string Type, string Value)> values, bool isFlat, bool hasUploadSchema)
    {
        (_values, IsFlat, HasUploadSchema) = (values, isFlat, hasUploadSchema);
        if (values.TryGetValue(SortableName, out (string Type, string Value) sortable))
            Sortable = sortable.Value.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Whether rows are numbered without gaps.</summary>
    public bool IsFlat { get; }

    /// <summary>Whether the table keeps the schema with which it was uploaded.</summary>
    public bool HasUploadSchema { get; }

    /// <summary>The columns that clients may sort by; null for all.</summary>
    public IReadOnlySet<string>? Sortable { get; }

    /// <summary>Whether this is one of the shared instances.</summary>
    public bool IsCommon => Array.IndexOf(Common, this) >= 0;

    /// <summary>Reads the attributes of an upload from its schema.</summary>
    /// <param name="metadata">The metadata of the schema.</param>
    /// <exception cref="TableException">An attribute has a value that is not of its type, or cannot be uploaded.</exception>
    public static TableAttributes OfUpload(IReadOnlyDictionary<string, string>? metadata) =>
        new(Read(metadata), isFlat: true, hasUploadSchema: true);

    /// <summary>Reads the attributes of a table of another node from its schema.</summary>
    /// <param name="metadata">The metadata of the schema.</param>
    public static TableAttributes OfNode(IReadOnlyDictionary<string, string>? metadata)
    {
        SortedDictionary<string, (string Type, string Value)> values = Read(metadata);
        bool isFlat = values.TryGetValue(FlatName, out (string Type, string Value) flat) && flat == (BooleanType, "true")
            && values.Remove(FlatName);
        return Shared(values, isFlat, metadata?.ContainsKey(UnsentPrefix + UploadName) is true);
    }

    /// <summary>Returns the attributes of rows that a filter selects.</summary>
    public TableAttributes OfRows()
    {
        if (IsCommon)
            return Rows;
        SortedDictionary<string, (string Type, string Value)> values = Where(name => !DroppedByRows.Contains(name));
        foreach ((string name, (string Type, string Value) value) in AppendOnly())
            values[name] = value;
        return Shared(values, isFlat: false, HasUploadSchema);
    }

    /// <summary>Returns the attributes of a table with computed columns.</summary>
    /// <param name="kind">The kind of the operation.</param>
    /// <param name="isFlat">Whether the rows of the result are numbered without gaps.</param>
    /// <param name="names">The names of the columns of the result.</param>
    public TableAttributes OfFormulas(SelectKind kind, bool isFlat, IReadOnlyList<string> names)
    {
        if (_values.Count == 0 || IsCommon)
            return isFlat ? Flat : None;
        SortedDictionary<string, (string Type, string Value)> values = kind switch
        {
            SelectKind.View => Where(KeptByView.Contains),
            SelectKind.UpdateView or SelectKind.LazyUpdate => Where(static name => !DroppedByUpdateView.Contains(name)),
            _ => Where(KeptByUpdate.Contains),
        };
        if (Sortable is not null && !Sortable.All(names.Contains))
            values.Remove(SortableName);
        return Shared(values, isFlat, hasUploadSchema: false);
    }

    /// <summary>Writes the attributes as the metadata of a schema.</summary>
    public Dictionary<string, string> ToMetadata()
    {
        var metadata = new Dictionary<string, string>();
        if (IsFlat)
            (metadata[Prefix + FlatName], metadata[TypePrefix + FlatName]) = ("true", BooleanType);
        foreach ((string name, (string type, string value)) in _values)
            (metadata[Prefix + name], metadata[TypePrefix + name]) = (value, type);

        // Clients see that the attribute exists; its value is not sent.
        if (HasUploadSchema)
            metadata[UnsentPrefix + UploadName] = "";
        return metadata;
    }

    private static SortedDictionary<string, (string Type, string Value)> AppendOnly() =>
        new(StringComparer.Ordinal) { [AddOnlyName] = (BooleanType, "true"), [AppendOnlyName] = (BooleanType, "true") };

    private static SortedDictionary<string, (string Type, string Value)> Read(IReadOnlyDictionary<string, string>? metadata)
    {
        var values = new SortedDictionary<string, (string Type, string Value)>(StringComparer.Ordinal);
        foreach ((string key, string value) in metadata ?? new Dictionary<string, string>())
        {
            if (!key.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            string name = key[Prefix.Length..], type = metadata!.GetValueOrDefault(TypePrefix + name) ?? StringType;
            switch (name)
            {
                case "SystemicTable" or UploadName:
                    break;
                case "InputTable" or "ColumnDescriptions":
                    throw new TableException(TableError.InvalidArgument, $"the attribute {name} cannot be uploaded");
                default:
                    values[name] = AttributeValue.Parse(name, type, value);
                    break;
            }
        }

        return values;
    }

    private static TableAttributes Shared(
        SortedDictionary<string, (string Type, string Value)> values, bool isFlat, bool hasUploadSchema) =>
        Array.Find(
            Common, common => common.IsFlat == isFlat && common.HasUploadSchema == hasUploadSchema && common._values.SequenceEqual(values))
        ?? new TableAttributes(values, isFlat, hasUploadSchema);

    private SortedDictionary<string, (string Type, string Value)> Where(Func<string, bool> isKept) =>
        new(_values.Where(value => isKept(value.Key)).ToDictionary(), StringComparer.Ordinal);
}
