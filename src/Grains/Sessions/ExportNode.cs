using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>An export, or an operation without one (id 0), as a node of the dependency graph.</summary>
internal sealed class ExportNode(long key, int id)
{
    public long Key { get; } = key;

    public int Id { get; } = id;

    public ExportState State { get; set; }

    /// <summary>False for an id that is only used as a source.</summary>
    public bool IsDefined { get; set; }

    /// <summary>Whether the node is a ticket that is resolved elsewhere. Only its dependents wait for it.</summary>
    public bool IsTicket { get; init; }

    /// <summary>Whether a caller waits for the outcome.</summary>
    public bool HasCaller { get; set; }

    /// <summary>Whether the operation is running, even if its result is no longer needed.</summary>
    public bool IsWorking { get; set; }

    public ExportValue? Value { get; set; }

    public ExportFailure? Failure { get; set; }

    /// <summary>The sources, until the operation has completed.</summary>
    public ExportNode[]? Dependencies { get; set; }

    /// <summary>The number of sources that are not available yet.</summary>
    public int Missing { get; set; }

    /// <summary>The operations that wait for this node.</summary>
    public List<ExportNode>? Dependents { get; set; }

    /// <summary>The number of unfinished operations that use the value. The value is kept until it is 0, even if the export is released.</summary>
    public int Uses { get; set; }

    public DateTimeOffset WaitEnd { get; set; }

    /// <summary>The shared tickets under which the export is published.</summary>
    public HashSet<string>? SharedIds { get; set; }

    public bool IsExport => Id != 0;

    /// <summary>Whether the outcome is final for all waiters; the operation may still be running.</summary>
    public bool IsSettled => State >= ExportState.Exported;
}
