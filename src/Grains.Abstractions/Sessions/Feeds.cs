using System.Collections.Immutable;

namespace Wharf.Grains.Sessions;

/// <summary>Further notifications of a session's exports.</summary>
/// <param name="Items">The notifications, in order.</param>
/// <param name="IsDone">Whether the session has ended and nothing more comes.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.NotificationBatch")]
public sealed record NotificationBatch([property: Id(0)] ImmutableArray<ExportNotice> Items, [property: Id(1)] bool IsDone);

/// <summary>One change of one export.</summary>
/// <param name="ExportId">The export; 0 for the marker after the ones that were there at first.</param>
/// <param name="State">The state's number on the wire.</param>
/// <param name="Context">An error id, or the marker's text; else empty.</param>
/// <param name="DependentHandle">The parent export's id where the state names one; else empty.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.ExportNotice")]
public sealed record ExportNotice(
    [property: Id(0)] int ExportId, [property: Id(1)] int State, [property: Id(2)] string Context, [property: Id(3)] string DependentHandle);

/// <summary>Further updates of a session's table exports.</summary>
/// <param name="Items">The updates, in order.</param>
/// <param name="IsDone">Whether the session has ended and nothing more comes.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableUpdateBatch")]
public sealed record TableUpdateBatch([property: Id(0)] ImmutableArray<TableUpdate> Items, [property: Id(1)] bool IsDone);

/// <summary>A table export and its size.</summary>
/// <param name="ExportId">The export.</param>
/// <param name="Size">The number of rows.</param>
/// <param name="Failure">Why it does not update any more; else empty.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.TableUpdate")]
public sealed record TableUpdate([property: Id(0)] int ExportId, [property: Id(1)] long Size, [property: Id(2)] string Failure);
