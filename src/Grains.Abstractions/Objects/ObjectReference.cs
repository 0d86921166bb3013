namespace Wharf.Grains;

/// <summary>The kind of target of an <see cref="ObjectReference"/>.</summary>
[GenerateSerializer]
[Alias("wharf.ObjectKind")]
public enum ObjectKind
{
    /// <summary>A live object of a plugin, served by <see cref="Objects.IPluginObjectGrain"/>.</summary>
    PluginObject = 0,

    /// <summary>A table, served by <see cref="Tables.ITableGrain"/>.</summary>
    Table = 1,

    /// <summary>A null that a plugin sent as a reference: an export without a value.</summary>
    Null = 2,

    /// <summary>A handle without an object, such as a console: an export that can only be released.</summary>
    Handle = 3,
}

/// <summary>Identifies an object in the cluster. Tickets resolve to references, and messages carry them.</summary>
/// <param name="ObjectId">The object's id, see <see cref="Objects.ObjectId"/>; empty for a reference without an object.</param>
/// <param name="Kind">The kind of the target.</param>
/// <param name="TypeName">The name of the object type; <c>Table</c> for a table, empty for an object that no type recognizes.</param>
/// <param name="Epoch">The epoch of the object; a message with an older epoch is rejected.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.ObjectReference")]
public sealed record ObjectReference(
    [property: Id(0)] string ObjectId,
    [property: Id(1)] ObjectKind Kind,
    [property: Id(2)] string TypeName,
    [property: Id(3)] long Epoch)
{
    /// <summary>The type name of every table.</summary>
    public const string TableType = "Table";

    /// <summary>A null that a plugin sent.</summary>
    public static ObjectReference Null { get; } = new("", ObjectKind.Null, "", 0);

    /// <summary>Whether the reference has a grain that serves its object.</summary>
    public bool IsLive => Kind is ObjectKind.PluginObject or ObjectKind.Table;
}
