namespace Wharf.Grains.Fields;

/// <summary>The principal that changes a name.</summary>
/// <param name="Owner">The principal, which owns the names that it creates; null for a caller of an earlier version, whose names have no owner.</param>
/// <param name="SessionId">The session; empty for a plugin and for the program.</param>
/// <param name="MayReplaceOthers">Whether the principal may replace and remove names of other principals, except configured ones.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.FieldClaim")]
public sealed record FieldClaim([property: Id(0)] string? Owner, [property: Id(1)] string SessionId, [property: Id(2)] bool MayReplaceOthers)
{
    /// <summary>The claim of a caller of an earlier version.</summary>
    public static FieldClaim Unknown { get; } = new(null, "", MayReplaceOthers: false);
}
