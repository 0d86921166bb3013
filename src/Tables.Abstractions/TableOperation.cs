using System.Text.Json.Serialization;

namespace Wharf.Tables;

/// <summary>
/// One table operation as plain data: what to compute, without the tables that it is computed on. The same record describes the operation for
/// plugins, clients, the gateway and the engine; between nodes it travels as the JSON of <see cref="TableOperationCodec"/>.
/// </summary>
/// <remarks>A discriminator or a property name is a wire name: it is never reused for something else.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "op", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(EmptyTable), "empty")]
[JsonDerivedType(typeof(FetchTable), "fetch")]
[JsonDerivedType(typeof(SelectOrUpdate), "select")]
[JsonDerivedType(typeof(SelectDistinct), "distinct")]
[JsonDerivedType(typeof(UnstructuredFilter), "where")]
[JsonDerivedType(typeof(Filter), "filter")]
public abstract record TableOperation
{
    /// <summary>How many input tables the operation takes.</summary>
    [JsonIgnore]
    public abstract int InputCount { get; }
}

/// <summary>Makes a table of <paramref name="Size"/> rows and no columns.</summary>
/// <param name="Size">The number of rows, 0 or more.</param>
public sealed record EmptyTable(long Size) : TableOperation
{
    /// <inheritdoc/>
    public override int InputCount => 0;
}

/// <summary>The input table itself, under a new name.</summary>
public sealed record FetchTable : TableOperation
{
    /// <inheritdoc/>
    public override int InputCount => 1;
}

/// <summary>How a list of formulas makes the columns of the result.</summary>
public enum SelectKind
{
    /// <summary>Adds or replaces columns and stores their values.</summary>
    Update = 0,

    /// <summary>As <see cref="Update"/>; the reference server computes on demand and remembers.</summary>
    LazyUpdate = 1,

    /// <summary>Keeps only the named columns, computed on demand in the reference server.</summary>
    View = 2,

    /// <summary>As <see cref="Update"/>, computed on demand in the reference server.</summary>
    UpdateView = 3,

    /// <summary>Keeps only the named columns and stores their values.</summary>
    Select = 4,
}

/// <summary>Evaluates formulas over the input table.</summary>
/// <param name="Kind">Whether the input's other columns stay.</param>
/// <param name="Columns">The formulas, <c>Name = expression</c> or a bare <c>Name</c>; a later one sees the columns of an earlier one.</param>
public sealed record SelectOrUpdate(SelectKind Kind, IReadOnlyList<string> Columns) : TableOperation
{
    /// <summary>Values that the formulas may name beside the columns; empty when the caller has none.</summary>
    public IReadOnlyDictionary<string, FormulaParameter> Parameters { get; init; } = new Dictionary<string, FormulaParameter>();

    /// <inheritdoc/>
    public override int InputCount => 1;
}

/// <summary>Keeps the distinct rows of the named columns, in the order of their first appearance.</summary>
/// <param name="Columns">Plain column names; none gives a table without columns, as the reference server has it.</param>
public sealed record SelectDistinct(IReadOnlyList<string> Columns) : TableOperation
{
    /// <inheritdoc/>
    public override int InputCount => 1;
}

/// <summary>Keeps the rows in which every condition is true. A later condition is asked only of the rows that the earlier ones keep.</summary>
/// <param name="Conditions">
/// Texts: an expression whose value is true or false, <c>Column [icase] [not] in value, ..</c>, or <c>Column [icase] [not] includes [any|all] text, ..</c>; none keeps every row.
/// </param>
public sealed record UnstructuredFilter(IReadOnlyList<string> Conditions) : TableOperation
{
    /// <summary>Values that the conditions may name beside the columns; empty when the caller has none.</summary>
    public IReadOnlyDictionary<string, FormulaParameter> Parameters { get; init; } = new Dictionary<string, FormulaParameter>();

    /// <inheritdoc/>
    public override int InputCount => 1;
}

/// <summary>Keeps the rows in which every condition is true, as <see cref="UnstructuredFilter"/> does, with the conditions as trees.</summary>
/// <param name="Conditions">The conditions; none keeps every row.</param>
public sealed record Filter(IReadOnlyList<FilterCondition> Conditions) : TableOperation
{
    /// <inheritdoc/>
    public override int InputCount => 1;
}
