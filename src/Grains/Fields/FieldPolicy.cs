using Microsoft.Extensions.Logging;
using Wharf.Grains.Management;
using Wharf.Grains.Sessions;

namespace Wharf.Grains.Fields;

/// <summary>
/// Decides which principal may set, replace and remove a name. A name belongs to the principal that created it. Configured names are never replaced or removed.
/// Only the host program and the principals that the settings list may replace or remove names of others.
/// </summary>
/// <param name="counts">The names of each principal.</param>
/// <param name="limits">The maximum numbers of names.</param>
/// <param name="audit">The audit log, which receives the refusals.</param>
internal sealed partial class FieldPolicy(FieldCounts counts, SessionOptions limits, ILogger audit)
{
    /// <summary>Returns whether a configured name has its object. An object that a session has set before the name was configured does not count.</summary>
    public static bool HasConfigured(StoredField? name) => name?.Field is { Owner: null or FieldOwners.Configuration };

    /// <summary>Returns whether a configured name waits for its object.</summary>
    public static bool Waits(StoredField name) =>
        name.Configuration is { } configuration && (name.Field is null || (configuration.Owner == FieldOwners.Configuration && !HasConfigured(name)));

    /// <summary>Decides whether a principal may set a variable.</summary>
    /// <param name="variable">The variable, without an owner.</param>
    /// <param name="before">The current content of the name, or null.</param>
    /// <param name="claim">The principal.</param>
    /// <returns>The name with the variable and its owner.</returns>
    /// <exception cref="FaultException">PERMISSION_DENIED, RESOURCE_EXHAUSTED.</exception>
    public StoredField Put(FieldDescription variable, StoredField? before, FieldClaim claim)
    {
        Demand("set", variable.Ticket, before, claim);
        if (before is { Configuration: null, Field: { } field } && field.Owner == claim.Owner)
            return new StoredField(variable.Ticket, variable with { Owner = field.Owner, SessionId = field.SessionId }, null);
        DemandRoomForVariable(claim);
        return new StoredField(variable.Ticket, variable with { Owner = claim.Owner, SessionId = claim.SessionId }, null);
    }

    /// <summary>Decides whether a principal may remove a name. A configured name that waits for its object is not removed.</summary>
    /// <returns>The content after the removal; null if the name is to be removed.</returns>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public StoredField? Remove(string ticket, StoredField? before, FieldClaim claim)
    {
        if (before?.Field is null)
            return before;
        Demand("remove", ticket, before, claim);
        return null;
    }

    /// <summary>Decides whether a principal may create an object under a new name.</summary>
    /// <returns>A token whose disposal ends the creation. The object is counted until then, and afterwards while it has the name.</returns>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED.</exception>
    public IDisposable? DemandCreate(FieldClaim claim)
    {
        if (claim.Owner is not { } owner)
            return null;
        return counts.CreatedBy(owner) < limits.MaxCreatedObjectsPerUser
            ? counts.BeginCreation(owner)
            : throw PlaceLimit.CreatedObjects(limits).ExceededByUser();
    }

    /// <summary>Decides whether the own scope of a session may use a name.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED: another principal has the name.</exception>
    public void DemandFree(string ticket, StoredField? name, FieldClaim claim)
    {
        if (name is not null)
            throw Denied("set", ticket, OwnerOf(name), claim);
    }

    private static string? OwnerOf(StoredField name) => name.Configuration is { } configuration ? configuration.Owner : name.Field?.Owner;

    private void Demand(string action, string ticket, StoredField? name, FieldClaim claim)
    {
        if (name is null)
            return;
        var owner = OwnerOf(name);
        // A name that an earlier version stored has no owner. Unless it is a variable, it may be a configured name.
        var isOwn = owner is null ? name.Configuration is null : owner == claim.Owner;
        if (owner == FieldOwners.Configuration || !(isOwn || claim.MayReplaceOthers))
            throw Denied(action, ticket, owner, claim);
    }

    private void DemandRoomForVariable(FieldClaim claim)
    {
        if (claim.Owner is not { } owner || owner == FieldOwners.Program)
            return;
        var limit = PlaceLimit.Variables(limits);
        if (claim.SessionId.Length > 0 && counts.VariablesOfSession(claim.SessionId) >= limit.OfSession)
            throw limit.ExceededBySession();
        if (counts.VariablesOf(owner) >= limit.OfPrincipal)
            throw limit.ExceededByUser();
    }

    private FaultException Denied(string action, string ticket, string? owner, FieldClaim claim)
    {
        var names = FieldNames.Parse(ticket);
        var name = names.IsScope ? $"the variable '{names.FieldName}'" : $"the field '{ticket}'";
        LogDenied(audit, claim.Owner ?? "an unknown caller", claim.SessionId, action, ticket, owner ?? "an unknown owner");
        var how = owner == FieldOwners.Configuration ? "" : $" ({ManagementOptions.Section}:{nameof(ManagementOptions.Managers)} lists the users who may)";
        return new FaultException(FaultCode.PermissionDenied, $"Not allowed: {action} {name}, which belongs to {FieldOwners.Describe(owner)}{how}");
    }

    [LoggerMessage(EventId = 14, Level = LogLevel.Warning, Message = "{Owner} in session {SessionId} may not {Action} {Name}, which belongs to {NameOwner}")]
    private static partial void LogDenied(ILogger logger, string owner, string sessionId, string action, string name, string nameOwner);
}
