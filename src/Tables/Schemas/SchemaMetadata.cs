using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables;

/// <summary>The schema metadata by which clients know what a column is.</summary>
internal static class SchemaMetadata
{
    private const string Prefix = "deephaven:";

    public const string Type = Prefix + "type";
    public const string ComponentType = Prefix + "componentType";

    private static readonly Dictionary<string, string> FlatTable = new()
    {
        [Prefix + "attribute.IsFlat"] = "true",
        [Prefix + "attribute_type.IsFlat"] = "java.lang.Boolean",
    };

    private static readonly Dictionary<string, string> FlatUpload = new(FlatTable)
    {
        // Clients see that the table remembers the schema it was uploaded with; the value itself never travels.
        [Prefix + "unsent.attribute.BarrageSchema"] = "",
    };

    /// <summary>Describes a column.</summary>
    public static Field Field(string name, EngineType type, IArrowType arrowType)
    {
        var metadata = new Dictionary<string, string> { [Type] = type.ClassName };
        if (type.Component is { } component)
            metadata[ComponentType] = type.ClassName.EndsWith("[]", StringComparison.Ordinal) ? type.ClassName[..^2] : component.ClassName;
        if (type.IsSortable)
            metadata[Prefix + "isSortable"] = "true";
        return new Field(name, arrowType, nullable: true, metadata);
    }

    /// <summary>Describes a table.</summary>
    public static Schema Schema(IEnumerable<Field> fields, bool uploaded) => new(fields, uploaded ? FlatUpload : FlatTable);
}
