using System.ComponentModel.DataAnnotations;
using Wharf.Tables;

namespace Wharf.Server.Memory;

/// <summary>Options of the memory budgets of a node. Section <c>Wharf:Memory</c>.</summary>
public sealed class MemoryOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Wharf:Memory";

    /// <summary>The memory that the process may use, in bytes. The default is the heap limit of the runtime.</summary>
    [Range(64L << 20, long.MaxValue)]
    public long? LimitBytes { get; set; }

    /// <summary>The used percentage of the memory at which the node refuses new work, 10 to 99. Releases, closes, keepalives and health checks still succeed.</summary>
    [Range(10, 99)]
    public int RefuseAtPercent { get; set; } = 90;

    /// <summary>The bytes of the tables that one session has created, on one node. Columns that tables share count once.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long? SessionTableBytes { get; set; }

    /// <summary>The same for all sessions of one user of a login scheme, or of one address without a login. It applies on the node of the session.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long? PrincipalTableBytes { get; set; }

    /// <summary>The bytes of the uploads of one session that are in progress.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long? SessionUploadBytes { get; set; }

    /// <summary>The bytes of messages of one session that are being received or wait to be read. The longest message must fit into it.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long? SessionQueueBytes { get; set; }

    /// <summary>The maximum number of concurrent uploads of one session.</summary>
    [Range(1, int.MaxValue)]
    public int SessionUploads { get; set; } = 200;

    /// <summary>The maximum number of concurrent uploads of all sessions of one principal.</summary>
    [Range(1, int.MaxValue)]
    public int PrincipalUploads { get; set; } = 2_000;

    /// <summary>Returns the budgets for these options.</summary>
    /// <param name="available">The heap limit of the runtime, in bytes.</param>
    /// <returns>The budgets.</returns>
    internal MemoryLimits ToLimits(long available)
    {
        var process = LimitBytes ?? available;
        return new MemoryLimits(
            process,
            RefuseAtPercent,
            SessionTableBytes ?? process / 2,
            PrincipalTableBytes ?? process / 4 * 3,
            SessionUploadBytes ?? process / 4,
            SessionQueueBytes ?? process / 8,
            SessionUploads,
            PrincipalUploads);
    }
}
