using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>An export, or a piece of work without one (id 0), as a node of the graph of who waits for whom.</summary>
internal sealed class ExportNode(long key, int id)
{
    public long Key { get; } = key;

    public int Id { get; } = id;

    public ExportState State { get; set; }

    /// <summary>False for an id that is only mentioned.</summary>
    public bool IsDefined { get; set; }

    /// <summary>Whether it stands for a ticket that is answered elsewhere: no one but its dependents waits for it.</summary>
    public bool IsTicket { get; init; }

    /// <summary>Whether a caller waits for the answer.</summary>
    public bool HasCaller { get; set; }

    /// <summary>Whether its work is under way, wanted or not.</summary>
    public bool IsWorking { get; set; }

    public ExportValue? Value { get; set; }

    public ExportFailure? Failure { get; set; }

    /// <summary>What it waits for or reads, until its work is over.</summary>
    public ExportNode[]? Dependencies { get; set; }

    /// <summary>How many of the dependencies are not there yet.</summary>
    public int Missing { get; set; }

    /// <summary>Who waits for it.</summary>
    public List<ExportNode>? Dependents { get; set; }

    /// <summary>How many unfinished pieces of work count on its value: as long as there is one, the value lives on, released or not.</summary>
    public int Uses { get; set; }

    public DateTimeOffset WaitEnd { get; set; }

    /// <summary>The shared tickets under which it is published.</summary>
    public HashSet<string>? SharedIds { get; set; }

    public bool IsExport => Id != 0;

    /// <summary>Over for everyone who waits; its work may still run down.</summary>
    public bool IsSettled => State >= ExportState.Exported;
}
