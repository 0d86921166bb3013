using System.Text.Json.Serialization;

namespace Wharf.Tables;

/// <summary>
/// One table operation as plain data, without its input tables. Plugins, clients, the gateway and the engine use the same record;
/// nodes exchange it as the JSON of <see cref="TableOperationCodec"/>.
/// </summary>
/// <remarks>Discriminators and property names are part of the format between nodes: never reuse one.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "op", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(EmptyTable), "empty")]
[JsonDerivedType(typeof(FetchTable), "fetch")]
[JsonDerivedType(typeof(SelectOrUpdate), "select")]
[JsonDerivedType(typeof(SelectDistinct), "distinct")]
[JsonDerivedType(typeof(UnstructuredFilter), "where")]
[JsonDerivedType(typeof(Filter), "filter")]
public abstract record TableOperation
{
    /// <summary>The number of input tables.</summary>
    [JsonIgnore]
    public abstract int InputCount { get; }
}

/// <summary>Creates a table of <paramref name="Size"/> rows and no columns.</summary>
/// <param name="Size">The number of rows, 0 or more.</param>
public sealed record EmptyTable(long Size) : TableOperation
{
    /// <inheritdoc/>
    public override int InputCount => 0;
}

/// <summary>Returns the input table under a new ticket.</summary>
public sealed record FetchTable : TableOperation
{
    /// <inheritdoc/>
    public override int InputCount => 1;
}

/// <summary>The kinds of <see cref="SelectOrUpdate"/>.</summary>
public enum SelectKind
{
    /// <summary>Adds or replaces columns and stores their values.</summary>
    Update = 0,

    /// <summary>Like <see cref="Update"/>; the reference server computes and caches the values on demand.</summary>
    LazyUpdate = 1,

    /// <summary>Keeps only the named columns; the reference server computes them on demand.</summary>
    View = 2,

    /// <summary>Like <see cref="Update"/>; the reference server computes the values on demand.</summary>
    UpdateView = 3,

    /// <summary>Keeps only the named columns and stores their values.</summary>
    Select = 4,
}

/// <summary>Evaluates formulas over the input table.</summary>
/// <param name="Kind">Whether the other columns of the input are kept.</param>
/// <param name="Columns">The formulas, <c>Name = expression</c> or only <c>Name</c>; a formula can use the columns of earlier ones.</param>
public sealed record SelectOrUpdate(SelectKind Kind, IReadOnlyList<string> Columns) : TableOperation
{
    /// <summary>The values that the formulas can use by name, in addition to the columns.</summary>
    public IReadOnlyDictionary<string, FormulaParameter> Parameters { get; init; } = new Dictionary<string, FormulaParameter>();

    /// <inheritdoc/>
    public override int InputCount => 1;
}

/// <summary>Keeps the distinct rows of the named columns, in the order of their first appearance.</summary>
/// <param name="Columns">The column names; empty for a table without columns, as in the reference server.</param>
public sealed record SelectDistinct(IReadOnlyList<string> Columns) : TableOperation
{
    /// <inheritdoc/>
    public override int InputCount => 1;
}

/// <summary>
/// Keeps the rows for which every condition is true. A condition is evaluated only for the rows that the earlier conditions keep.
/// </summary>
/// <param name="Conditions">
/// Each is a Boolean expression, <c>Column [icase] [not] in value, ..</c>, or <c>Column [icase] [not] includes [any|all] text, ..</c>;
/// empty to keep every row.
/// </param>
public sealed record UnstructuredFilter(IReadOnlyList<string> Conditions) : TableOperation
{
    /// <summary>The values that the conditions can use by name, in addition to the columns.</summary>
    public IReadOnlyDictionary<string, FormulaParameter> Parameters { get; init; } = new Dictionary<string, FormulaParameter>();

    /// <inheritdoc/>
    public override int InputCount => 1;
}

/// <summary>
/// Keeps the rows for which every condition is true, like <see cref="UnstructuredFilter"/>, with the conditions as trees.
/// </summary>
/// <param name="Conditions">The conditions; empty to keep every row.</param>
public sealed record Filter(IReadOnlyList<FilterCondition> Conditions) : TableOperation
{
    /// <inheritdoc/>
    public override int InputCount => 1;
}
