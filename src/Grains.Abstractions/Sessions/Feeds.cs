using System.Collections.Immutable;

namespace Wharf.Grains.Sessions;

/// <summary>The next notifications about a session's exports.</summary>
/// <param name="Items">The notifications, in order.</param>
/// <param name="IsDone">Whether the session has ended and no more notifications follow.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.NotificationBatch")]
public sealed record NotificationBatch([property: Id(0)] ImmutableArray<ExportNotice> Items, [property: Id(1)] bool IsDone);

/// <summary>A change of an export.</summary>
/// <param name="ExportId">The export; 0 for the marker after the initial exports.</param>
/// <param name="State">The number of the state on the wire.</param>
/// <param name="Context">An error id, or the text of the marker; otherwise empty.</param>
/// <param name="DependentHandle">The id of the parent export if the state has one; otherwise empty.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.ExportNotice")]
public sealed record ExportNotice(
    [property: Id(0)] int ExportId, [property: Id(1)] int State, [property: Id(2)] string Context, [property: Id(3)] string DependentHandle);

/// <summary>The next updates of a session's table exports.</summary>
/// <param name="Items">The updates, in order.</param>
/// <param name="IsDone">Whether the session has ended and no more updates follow.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableUpdateBatch")]
public sealed record TableUpdateBatch([property: Id(0)] ImmutableArray<TableUpdate> Items, [property: Id(1)] bool IsDone);

/// <summary>A table export and its size.</summary>
/// <param name="ExportId">The export.</param>
/// <param name="Size">The number of rows.</param>
/// <param name="Failure">The reason why the table does not update any more; otherwise empty.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableUpdate")]
public sealed record TableUpdate([property: Id(0)] int ExportId, [property: Id(1)] long Size, [property: Id(2)] string Failure);
