using Apache.Arrow;

namespace Wharf.Tables.Schemas;

/// <summary>
/// The parts of a table's schema that do not follow from the types of its columns. They follow from the operations that created the table,
/// not from its rows.
/// </summary>
/// <param name="Attributes">The attributes of the table.</param>
/// <param name="Uploaded">The uploaded fields, in the order of the columns; null for a computed table.</param>
/// <param name="Stored">
/// The columns that <c>update</c> or <c>select</c> computed. The reference server keeps their storage, and with it the row numbers of the
/// table.
/// </param>
internal sealed record TableShape(TableAttributes Attributes, IReadOnlyList<Field>? Uploaded, IReadOnlySet<string> Stored)
{
    private static readonly HashSet<string> NoColumns = [];

    /// <summary>The shape of a table without gaps in its row numbers and without stored columns.</summary>
    public static readonly TableShape Flat = Of(TableAttributes.Flat);

    /// <summary>Creates the shape of a computed table.</summary>
    public static TableShape Of(TableAttributes attributes, IReadOnlyList<Field>? uploaded = null) => new(attributes, uploaded, NoColumns);

    /// <summary>Returns the shape of selected rows.</summary>
    public TableShape OfRows() => this with { Attributes = Attributes.OfRows() };

    /// <summary>Returns the shape of a table with computed columns.</summary>
    /// <param name="kind">The kind of the operation.</param>
    /// <param name="names">The columns of the result.</param>
    /// <param name="made">The computed columns, each with its source column if the formula only names a column.</param>
    public TableShape OfFormulas(SelectKind kind, IReadOnlyList<string> names, IReadOnlyDictionary<string, string?> made)
    {
        bool stores = kind is SelectKind.Update or SelectKind.Select;
        bool IsStored(string name) =>
            made.TryGetValue(name, out string? source) ? stores || (source is not null && Stored.Contains(source)) : Stored.Contains(name);

        // Columns that keep their storage keep their row numbers.
        bool stays = !stores || names.Any(
            name => !made.TryGetValue(name, out string? source) || (source is not null && Stored.Contains(source)));
        HashSet<string> stored = [.. names.Where(IsStored)];
        return new TableShape(
            Attributes.OfFormulas(kind, Attributes.IsFlat || !stays, names), Uploaded: null, stored.Count == 0 ? NoColumns : stored);
    }
}
