using System.Collections.Immutable;
using System.Globalization;
using Wharf.Protocol;

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

    /// <summary>Reads sources as work names them: canonical tickets, or <c>batch/</c> and the index of a neighbour.</summary>
    /// <exception cref="FaultException">One of them is not a ticket, or one of a kind that is not served.</exception>
    public static ImmutableArray<ExportSource> Parse(ImmutableArray<string> sources) => [.. sources.Select(Parse)];

    private static ExportSource Parse(string source)
    {
        if (source.StartsWith("batch/", StringComparison.Ordinal) && int.TryParse(source.AsSpan("batch/".Length), CultureInfo.InvariantCulture, out var index))
            return Neighbour(index);
        return Protocol.Ticket.TryParseCanonical(source, out var ticket)
            ? ticket switch
            {
                ExportTicket export => Export(export.Id),
                FlightSqlTicket => throw new FaultException(FaultCode.Unimplemented, "Flight SQL is not served"),
                _ => Elsewhere(source),
            }
            : throw new FaultException(FaultCode.FailedPrecondition, "A source is not a ticket");
    }
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
