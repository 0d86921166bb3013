using System.Collections.Immutable;

namespace Wharf.Grains.Sessions;

/// <summary>Work to take up: which export it makes, and what it waits for.</summary>
/// <param name="ResultId">The export, or 0 for work without one.</param>
/// <param name="Sources">What it waits for, in the order in which it will read them.</param>
internal readonly record struct ExportDefinition(int ResultId, ImmutableArray<ExportSource> Sources);

/// <summary>One thing that work waits for: an export of this session, a ticket that is answered elsewhere, or a neighbour in the same batch.</summary>
/// <param name="Kind">Which of the three.</param>
/// <param name="Number">The export's id or the neighbour's index.</param>
/// <param name="Ticket">The canonical text of a ticket that is answered elsewhere.</param>
internal readonly record struct ExportSource(ExportSourceKind Kind, int Number, string Ticket)
{
    public static ExportSource Export(int id) => new(ExportSourceKind.Export, id, "");

    public static ExportSource Elsewhere(string ticket) => new(ExportSourceKind.Elsewhere, 0, ticket);

    public static ExportSource Neighbour(int index) => new(ExportSourceKind.Neighbour, index, "");
}

internal enum ExportSourceKind
{
    Export,
    Elsewhere,
    Neighbour,
}

/// <summary>What an export holds.</summary>
/// <param name="Reference">The object.</param>
/// <param name="Size">A table's number of rows, where it is known.</param>
internal sealed record ExportValue(ObjectReference Reference, long? Size = null);
