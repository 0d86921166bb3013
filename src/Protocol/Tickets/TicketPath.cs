using System.Diagnostics.CodeAnalysis;

namespace Wharf.Protocol;

/// <summary>Parses the path of a Flight descriptor. The first element is a word instead of the byte of the wire form.</summary>
internal static class TicketPath
{
    public static bool TryRead(
        IReadOnlyList<string> path, int maxLength, [NotNullWhen(true)] out Ticket? ticket, [NotNullWhen(false)] out TicketError? error)
    {
        ArgumentNullException.ThrowIfNull(path);
        ticket = null;
        error = path.Count == 0 ? TicketErrors.EmptyPath
            : IsTooLong(path, maxLength) ? TicketErrors.TooLong(maxLength)
            : path[0] switch
            {
                ExportTicket.Word => ReadExport(path, out ticket),
                SharedTicket.Word => ReadShared(path, out ticket),
                ScopeTicket.Word => ReadScope(path, out ticket),
                ApplicationTicket.Word => ReadApplication(path, out ticket),
                var word => TicketErrors.UnknownRoute(word),
            };
        if (ticket is not null && ticket.ToBytes().Length > maxLength)
        {
            ticket = null;
            error = TicketErrors.TooLong(maxLength);
        }
        return ticket is not null;
    }

    // Checked before anything is decoded: hexadecimal takes two characters per byte, every other form at least one byte per character.
    private static bool IsTooLong(IReadOnlyList<string> path, int maxLength)
    {
        long characters = 0;
        foreach (var element in path)
            characters += element.Length;
        return characters > 2L * maxLength + SharedTicket.Word.Length;
    }

    private static TicketError? ReadExport(IReadOnlyList<string> path, out Ticket? ticket)
    {
        ticket = null;
        if (path.Count != 2)
            return TicketErrors.PathLength(ExportTicket.Word, 2, path.Count);
        if (!ExportTicket.TryParseId(path[1], out int id))
            return TicketErrors.PathExportId(path[1]);
        ticket = new ExportTicket(id);
        return null;
    }

    private static TicketError? ReadShared(IReadOnlyList<string> path, out Ticket? ticket)
    {
        ticket = null;
        if (path.Count != 2)
            return TicketErrors.PathLength(SharedTicket.Word, 2, path.Count);
        if (path[1].Length == 0)
            return TicketErrors.NoSharedId;
        if (!TicketHex.TryRead(path[1], out var id))
            return TicketErrors.PathHex(path[1]);
        ticket = new SharedTicket(id);
        return null;
    }

    private static TicketError? ReadScope(IReadOnlyList<string> path, out Ticket? ticket)
    {
        ticket = null;
        if (path.Count != 2)
            return TicketErrors.PathLength(ScopeTicket.Word, 2, path.Count);
        if (path[1].Length == 0)
            return TicketErrors.NoScopeName;
        if (!TicketText.IsWellFormed(path[1]))
            return TicketErrors.PathText(ScopeTicket.Word);
        if (TicketNames.FindProblem(path[1]) is { } problem)
            return problem;
        ticket = new ScopeTicket(path[1]);
        return null;
    }

    private static TicketError? ReadApplication(IReadOnlyList<string> path, out Ticket? ticket)
    {
        ticket = null;
        if (path.Count != 4)
            return TicketErrors.PathLength(ApplicationTicket.Word, 4, path.Count);
        if (path[2] != ApplicationTicket.FieldWord)
            return TicketErrors.ApplicationPathWord(path[2]);
        if (path[1].Contains('/', StringComparison.Ordinal))
            return TicketErrors.ApplicationIdWithSlash(path[1]);
        if (!TicketText.IsWellFormed(path[1]) || !TicketText.IsWellFormed(path[3]))
            return TicketErrors.PathText(ApplicationTicket.Word);
        if (TicketNames.FindProblem(path[1], path[3]) is { } problem)
            return problem;
        ticket = new ApplicationTicket(path[1], path[3]);
        return null;
    }
}
