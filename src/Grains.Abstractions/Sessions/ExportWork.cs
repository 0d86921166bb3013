using System.Collections.Immutable;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Sessions;

/// <summary>An operation of a session. It starts when all its sources are available, and its result becomes an export.</summary>
/// <param name="ResultId">The id of the export to define, greater than 0; 0 for an operation without an export.</param>
/// <param name="Sources">The tickets of its sources, in canonical text; <c>batch/{n}</c> is operation n of the same batch.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.ExportWork")]
public abstract record ExportWork([property: Id(0)] int ResultId, [property: Id(1)] ImmutableArray<string> Sources);

/// <summary>Defines an export of the object of its source.</summary>
/// <param name="ResultId">The id of the export to define.</param>
/// <param name="Source">The source.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.ReferenceWork")]
public sealed record ReferenceWork(int ResultId, string Source) : ExportWork(ResultId, [Source]);

/// <summary>Defines an export of the table that a table operation computes from its sources.</summary>
/// <param name="ResultId">The id of the export to define, or 0.</param>
/// <param name="Sources">The input tables.</param>
/// <param name="Operation">The operation.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableWork")]
public sealed record TableWork(int ResultId, ImmutableArray<string> Sources, [property: Id(0)] PortableOperation Operation)
    : ExportWork(ResultId, Sources);

/// <summary>Defines an export of an existing object, such as an uploaded table or a console.</summary>
/// <param name="ResultId">The id of the export to define.</param>
/// <param name="Reference">The object, held by <paramref name="Holder"/>.</param>
/// <param name="Holder">The holder until the export holds the object.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.AdoptWork")]
public sealed record AdoptWork(int ResultId, [property: Id(0)] ObjectReference Reference, [property: Id(1)] string Holder) : ExportWork(ResultId, []);

/// <summary>Defines an export that has failed, such as an incomplete upload.</summary>
/// <param name="ResultId">The id of the export to define.</param>
/// <param name="Fault">The failure.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.FailWork")]
public sealed record FailWork(int ResultId, [property: Id(0)] Fault Fault) : ExportWork(ResultId, []);

/// <summary>Sets a scope variable to the object of its source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Variable">The variable's ticket, in canonical text.</param>
/// <param name="TablesOnly">Whether the object must be a table.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.BindWork")]
public sealed record BindWork(string Source, [property: Id(0)] string Variable, [property: Id(1)] bool TablesOnly) : ExportWork(0, [Source]);

/// <summary>A batch of table operations.</summary>
/// <param name="Operations">The operations; the source <c>batch/{n}</c> is operation n.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.BatchWork")]
public sealed record BatchWork([property: Id(0)] ImmutableArray<TableWork> Operations);

/// <summary>A part of the outcomes of a batch.</summary>
/// <param name="Items">The next outcomes, in the order of their completion.</param>
/// <param name="IsDone">Whether every operation has an outcome.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.BatchOutcomes")]
public sealed record BatchOutcomes([property: Id(0)] ImmutableArray<BatchItem> Items, [property: Id(1)] bool IsDone);

/// <summary>The outcome of one operation of a batch.</summary>
/// <param name="Index">The index of the operation.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="HasOwnStatus">Whether the fault is that of the operation, not of a source. The first such fault ends the stream of responses.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.BatchItem")]
public sealed record BatchItem([property: Id(0)] int Index, [property: Id(1)] WorkOutcome Outcome, [property: Id(2)] bool HasOwnStatus);
