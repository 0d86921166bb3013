using System.Collections.Immutable;
using System.Globalization;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>An operation to define: its export and its sources.</summary>
/// <param name="ResultId">The id of its export, or 0 for an operation without one.</param>
/// <param name="Sources">Its sources, in the order in which it reads them.</param>
internal readonly record struct ExportDefinition(int ResultId, ImmutableArray<ExportSource> Sources);

/// <summary>A source of an operation: an export of this session, a ticket that is resolved elsewhere, or another operation of the same batch.</summary>
/// <param name="Kind">The kind of the source.</param>
/// <param name="Number">The id of the export or the index of the operation.</param>
/// <param name="Ticket">The canonical text of a ticket that is resolved elsewhere.</param>
internal readonly record struct ExportSource(ExportSourceKind Kind, int Number, string Ticket)
{
    public static ExportSource Export(int id) => new(ExportSourceKind.Export, id, "");

    public static ExportSource Elsewhere(string ticket) => new(ExportSourceKind.Elsewhere, 0, ticket);

    public static ExportSource Neighbour(int index) => new(ExportSourceKind.Neighbour, index, "");

    /// <summary>Parses sources: canonical tickets, or <c>batch/</c> and the index of an operation of the batch.</summary>
    /// <exception cref="FaultException">A source is not a ticket, or a ticket of an unsupported kind.</exception>
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

/// <summary>The value of an export.</summary>
/// <param name="Reference">The object.</param>
/// <param name="Size">The number of rows of a table, if it is known.</param>
internal sealed record ExportValue(ObjectReference Reference, long? Size = null);
