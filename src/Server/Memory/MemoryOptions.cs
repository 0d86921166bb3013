using System.ComponentModel.DataAnnotations;
using Wharf.Tables;

namespace Wharf.Server.Memory;

/// <summary>The memory that sessions may use on a node. Section <c>Wharf:Memory</c>.</summary>
public sealed class MemoryOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Wharf:Memory";

    /// <summary>The memory that the process may use, in bytes. The default is the heap limit of the runtime.</summary>
    [Range(64L << 20, long.MaxValue)]
    public long? LimitBytes { get; set; }

    /// <summary>The part of the memory at which the node refuses new work, in percent, 10 to 99. Releases, closes, keepalives and health checks still work.</summary>
    [Range(10, 99)]
    public int RefuseAtPercent { get; set; } = 90;

    /// <summary>The bytes of the tables that one session made, on one node. Columns that tables share count once.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long? SessionTableBytes { get; set; }

    /// <summary>The same for all sessions of one user of a login scheme, or of one address without a login. It applies on the node of the session.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long? PrincipalTableBytes { get; set; }

    /// <summary>The bytes of uploads of one session that are under way.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long? SessionUploadBytes { get; set; }

    /// <summary>The bytes of messages of one session that arrive, or that wait to be read. A message of any length needs that much at least.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long? SessionQueueBytes { get; set; }

    /// <summary>How many uploads one session may have under way.</summary>
    [Range(1, int.MaxValue)]
    public int SessionUploads { get; set; } = 200;

    /// <summary>How many uploads all sessions of one principal may have under way.</summary>
    [Range(1, int.MaxValue)]
    public int PrincipalUploads { get; set; } = 2_000;

    /// <summary>The budgets that follow from the settings.</summary>
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
