using System.Collections.Immutable;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Sessions;

/// <summary>Work for a session: it starts when all its sources are there, and its result becomes an export.</summary>
/// <param name="ResultId">The export to define, greater than 0; 0 for work without an export.</param>
/// <param name="Sources">Canonical texts of the tickets it depends on; <c>batch/{n}</c> is the n-th operation of the same batch.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.ExportWork")]
public abstract record ExportWork([property: Id(0)] int ResultId, [property: Id(1)] ImmutableArray<string> Sources);

/// <summary>The export holds the same object as its one source.</summary>
/// <param name="ResultId">The export to define.</param>
/// <param name="Source">The source.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.ReferenceWork")]
public sealed record ReferenceWork(int ResultId, string Source) : ExportWork(ResultId, [Source]);

/// <summary>The export holds the table that an operation makes of its sources.</summary>
/// <param name="ResultId">The export to define, or 0.</param>
/// <param name="Sources">The input tables.</param>
/// <param name="Operation">The operation.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableWork")]
public sealed record TableWork(int ResultId, ImmutableArray<string> Sources, [property: Id(0)] PortableOperation Operation)
    : ExportWork(ResultId, Sources);

/// <summary>The export holds an object that is there already: an uploaded table, a console.</summary>
/// <param name="ResultId">The export to define.</param>
/// <param name="Reference">The object, held meanwhile by <paramref name="Holder"/>.</param>
/// <param name="Holder">Who holds it until the export does.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.AdoptWork")]
public sealed record AdoptWork(int ResultId, [property: Id(0)] ObjectReference Reference, [property: Id(1)] string Holder) : ExportWork(ResultId, []);

/// <summary>The export fails: an upload that did not come to its end.</summary>
/// <param name="ResultId">The export to define.</param>
/// <param name="Fault">Why.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.FailWork")]
public sealed record FailWork(int ResultId, [property: Id(0)] Fault Fault) : ExportWork(ResultId, []);

/// <summary>Puts the source into a scope variable.</summary>
/// <param name="Source">The source.</param>
/// <param name="Variable">The variable's ticket, in canonical text.</param>
/// <param name="TablesOnly">Whether only a table will do.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.BindWork")]
public sealed record BindWork(string Source, [property: Id(0)] string Variable, [property: Id(1)] bool TablesOnly) : ExportWork(0, [Source]);

/// <summary>A batch of table operations.</summary>
/// <param name="Operations">The operations; a source <c>batch/{n}</c> is the n-th of them.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.BatchWork")]
public sealed record BatchWork([property: Id(0)] ImmutableArray<TableWork> Operations);

/// <summary>Outcomes of a batch.</summary>
/// <param name="Items">Further outcomes, in the order in which they came.</param>
/// <param name="IsDone">Whether every operation has one now.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.BatchOutcomes")]
public sealed record BatchOutcomes([property: Id(0)] ImmutableArray<BatchItem> Items, [property: Id(1)] bool IsDone);

/// <summary>The outcome of one operation of a batch.</summary>
/// <param name="Index">Which operation.</param>
/// <param name="Outcome">Its outcome.</param>
/// <param name="HasOwnStatus">Whether the fault is the operation's own and not that of a source: the first such fault ends the stream of answers.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.BatchItem")]
public sealed record BatchItem([property: Id(0)] int Index, [property: Id(1)] WorkOutcome Outcome, [property: Id(2)] bool HasOwnStatus);
