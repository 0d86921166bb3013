using Apache.Arrow;

namespace Wharf.Tables;

/// <summary>
/// The part of a table's schema that does not follow from the types of its columns. It follows from the operations that made the table and never from
/// its rows.
/// </summary>
/// <param name="Attributes">The attributes of the table.</param>
/// <param name="Uploaded">The fields as they were uploaded, in the order of the columns; null for a table that was computed.</param>
/// <param name="Stored">
/// The columns that <c>update</c> or <c>select</c> computed. The reference server keeps them where they are, and so the row numbers of their table.
/// </param>
internal sealed record TableShape(TableAttributes Attributes, IReadOnlyList<Field>? Uploaded, IReadOnlySet<string> Stored)
{
    private static readonly HashSet<string> NoColumns = [];

    /// <summary>A table without gaps whose columns are not stored.</summary>
    public static readonly TableShape Flat = Of(TableAttributes.Flat);

    /// <summary>The shape of a table that was computed.</summary>
    public static TableShape Of(TableAttributes attributes, IReadOnlyList<Field>? uploaded = null) => new(attributes, uploaded, NoColumns);

    /// <summary>The shape of rows of the table.</summary>
    public TableShape OfRows() => this with { Attributes = Attributes.OfRows() };

    /// <summary>The shape of a table that formulas make of this one.</summary>
    /// <param name="kind">The kind of the operation.</param>
    /// <param name="names">The columns of the result.</param>
    /// <param name="made">The columns that formulas make, each with the column that its formula only names, if it does no more.</param>
    public TableShape OfFormulas(SelectKind kind, IReadOnlyList<string> names, IReadOnlyDictionary<string, string?> made)
    {
        bool stores = kind is SelectKind.Update or SelectKind.Select;
        bool IsStored(string name) =>
            made.TryGetValue(name, out string? source) ? stores || (source is not null && Stored.Contains(source)) : Stored.Contains(name);

        // Columns that stay where they are keep the numbers of their rows.
        bool stays = !stores || names.Any(name => !made.TryGetValue(name, out string? source) || (source is not null && Stored.Contains(source)));
        HashSet<string> stored = [.. names.Where(IsStored)];
        return new TableShape(
            Attributes.OfFormulas(kind, Attributes.IsFlat || !stays, names), Uploaded: null, stored.Count == 0 ? NoColumns : stored);
    }
}
