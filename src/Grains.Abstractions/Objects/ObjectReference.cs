namespace Wharf.Grains;

/// <summary>What kind of thing an <see cref="ObjectReference"/> names.</summary>
[GenerateSerializer]
[Alias("wharf.ObjectKind")]
public enum ObjectKind
{
    /// <summary>A live object of a plugin; <see cref="Objects.IPluginObjectGrain"/> answers for it.</summary>
    PluginObject = 0,

    /// <summary>A table; <see cref="Tables.ITableGrain"/> answers for it.</summary>
    Table = 1,

    /// <summary>The null that a plugin sent as a reference: an export without a value.</summary>
    Null = 2,

    /// <summary>A mere handle, such as a console: an export that nothing can be done with but release.</summary>
    Handle = 3,
}

/// <summary>Names an object in the cluster, as tickets resolve to it and messages carry it.</summary>
/// <param name="ObjectId">The object's id, see <see cref="Objects.ObjectId"/>; empty when there is no object behind it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="TypeName">The object type's name; <c>Table</c> for a table, empty for an object that no type recognizes.</param>
/// <param name="Epoch">The life of the object that is meant: a message with an older epoch is refused.</param>
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

    /// <summary>Whether a grain answers for the object.</summary>
    public bool IsLive => Kind is ObjectKind.PluginObject or ObjectKind.Table;
}
