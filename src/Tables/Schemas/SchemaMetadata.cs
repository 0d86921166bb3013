using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Schemas;

/// <summary>The schema metadata that describes the types of columns to clients.</summary>
internal static class SchemaMetadata
{
    private const string Prefix = "deephaven:";
    private const string Sortable = Prefix + "isSortable";

    public const string Type = Prefix + "type";
    public const string ComponentType = Prefix + "componentType";

    /// <summary>Creates the field of a column.</summary>
    /// <param name="name">The name of the column.</param>
    /// <param name="type">The type of its values.</param>
    /// <param name="arrowType">The Arrow type in which they are stored.</param>
    /// <param name="isSortable">Whether the attributes of the table allow sorting by the column.</param>
    /// <param name="uploaded">The uploaded field, whose metadata is kept; null for a computed column.</param>
    public static Field Field(string name, EngineType type, IArrowType arrowType, bool isSortable = true, Field? uploaded = null)
    {
        var metadata = new Dictionary<string, string>(uploaded?.Metadata ?? new Dictionary<string, string>()) { [Type] = type.ClassName };
        if (type.Component is { } component)
            metadata[ComponentType] = type.ClassName.EndsWith("[]", StringComparison.Ordinal) ? type.ClassName[..^2] : component.ClassName;
        if (type.IsSortable && isSortable)
            metadata.TryAdd(Sortable, "true");
        return new Field(name, uploaded is null ? WithoutElementNames(arrowType) : arrowType, uploaded?.IsNullable ?? true, metadata);
    }

    // The elements of computed lists have no name; those of uploaded lists keep their names.
    private static IArrowType WithoutElementNames(IArrowType type) =>
        type is ListType list && !IsUnnamed(list) && !HasDictionary(list)
            ? new ListType(new Field("", WithoutElementNames(list.ValueDataType), nullable: true))
            : type;

    // Arrow's writer finds the dictionary of an array by the field object, which the schema and the array must share.
    private static bool HasDictionary(IArrowType type) =>
        type is DictionaryType || (type is NestedType nested && nested.Fields.Any(static field => HasDictionary(field.DataType)));

    private static bool IsUnnamed(ListType list) =>
        list.ValueField is { Name: "", IsNullable: true, HasMetadata: false }
            && (list.ValueDataType is not ListType inner || IsUnnamed(inner));
}
