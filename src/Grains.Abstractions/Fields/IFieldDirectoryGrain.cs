using System.Collections.Immutable;

namespace Wharf.Grains.Fields;

/// <summary>The named fields of the cluster: scope variables and application fields. The cluster has one directory, with the key <see cref="Key"/>.</summary>
[GrainInterfaceType("wharf.field-directory")]
[Alias("wharf.IFieldDirectoryGrain")]
public interface IFieldDirectoryGrain : ITicketGrain
{
    /// <summary>The key of the directory.</summary>
    const string Key = "fields";

    /// <summary>
    /// Registers the object types that a node can create. An object is created on a node that offers its type, or on the node of the directory if none does.
    /// </summary>
    /// <param name="node">The node, as returned by <see cref="Nodes.NodeGrains.NameOf"/>.</param>
    /// <param name="typeNames">The object types.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the types are registered and the configured fields that waited for the node are created.</returns>
    [Alias("Offer")]
    Task OfferAsync(string node, ImmutableArray<string> typeNames, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates the configured fields that do not exist yet. Each object is created once in the cluster. A field whose type no node has is created when a node
    /// offers the type.
    /// </summary>
    /// <param name="fields">The fields of one node's configuration.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when all fields exist.</returns>
    /// <exception cref="FaultException">
    /// An object could not be created; the message names the field. NOT_FOUND: all other fields exist, but these have types that no node offers, and wait.
    /// </exception>
    [Alias("Configure")]
    Task ConfigureAsync(ImmutableArray<FieldConfiguration> fields, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates an object under a new name. If the object is lost with its node, the directory recreates it with the same arguments, as it does for a configured
    /// field.
    /// </summary>
    /// <param name="field">The name, the type and the arguments.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object, when every session can see it.</returns>
    /// <exception cref="FaultException">
    /// ALREADY_EXISTS: the name is taken. NOT_FOUND: no node has the type. INVALID_ARGUMENT: the type failed to create the object.
    /// </exception>
    [Alias("Create")]
    Task<ObjectReference> CreateAsync(FieldConfiguration field, CancellationToken cancellationToken = default);

    /// <summary>Creates an object under a new name, for a principal.</summary>
    /// <param name="field">The name, the type and the arguments.</param>
    /// <param name="claim">The principal, which becomes the owner of the name.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object, when every session can see it.</returns>
    /// <exception cref="FaultException">
    /// As without a principal; also RESOURCE_EXHAUSTED: the principal has the maximum number of objects. INVALID_ARGUMENT: the name breaks the rules.
    /// </exception>
    [Alias("CreateFor")]
    Task<ObjectReference> CreateAsync(FieldConfiguration field, FieldClaim claim, CancellationToken cancellationToken = default);

    /// <summary>Finds the object of a field and adds a holder to it.</summary>
    /// <param name="ticket">The field's ticket, in canonical text.</param>
    /// <param name="holder">The name of the holder.</param>
    /// <param name="lease">As in <see cref="Objects.IHeldGrain.HoldAsync"/>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object, held.</returns>
    /// <exception cref="FaultException">NOT_FOUND: the application, field or variable does not exist.</exception>
    [Alias("Resolve")]
    Task<ObjectReference> ResolveAsync(string ticket, string holder, TimeSpan? lease, CancellationToken cancellationToken = default);

    /// <summary>Sets a scope variable, for a caller of an earlier version: replaces only a variable without an owner.</summary>
    /// <param name="ticket">The variable's ticket, in canonical text.</param>
    /// <param name="reference">The object; the directory holds it before this returns.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when every session can see the variable.</returns>
    [Alias("Set")]
    Task SetAsync(string ticket, ObjectReference reference, CancellationToken cancellationToken = default);

    /// <summary>Sets a scope variable if it is free or the principal may replace it.</summary>
    /// <param name="ticket">The variable's ticket, in canonical text.</param>
    /// <param name="reference">The object; the directory holds it before this returns.</param>
    /// <param name="claim">The principal, which becomes the owner of the name.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when every session can see the variable.</returns>
    /// <exception cref="FaultException">
    /// PERMISSION_DENIED: the name belongs to another principal. RESOURCE_EXHAUSTED: the principal has the maximum number of names. INVALID_ARGUMENT: the name breaks the rules.
    /// </exception>
    [Alias("SetFor")]
    Task SetAsync(string ticket, ObjectReference reference, FieldClaim claim, CancellationToken cancellationToken = default);

    /// <summary>Checks that the shared scope does not have a name, so that the own scope of a session may use it.</summary>
    /// <param name="ticket">The ticket, in canonical text.</param>
    /// <param name="claim">The principal of the session.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes if the name is free.</returns>
    /// <exception cref="FaultException">PERMISSION_DENIED: the shared scope has the name.</exception>
    [Alias("DemandFree")]
    Task DemandFreeAsync(string ticket, FieldClaim claim, CancellationToken cancellationToken = default);

    /// <summary>Removes a scope variable, for a caller of an earlier version: only a variable without an owner.</summary>
    /// <param name="ticket">The variable's ticket, in canonical text.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>True if the variable existed.</returns>
    [Alias("Remove")]
    Task<bool> RemoveAsync(string ticket, CancellationToken cancellationToken = default);

    /// <summary>Removes a name, for a principal.</summary>
    /// <param name="ticket">The ticket, in canonical text.</param>
    /// <param name="claim">The principal.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>True if the name existed.</returns>
    /// <exception cref="FaultException">PERMISSION_DENIED: the name belongs to another principal.</exception>
    [Alias("RemoveFor")]
    Task<bool> RemoveAsync(string ticket, FieldClaim claim, CancellationToken cancellationToken = default);

    /// <summary>Returns whether an application exists: at least one listed field belongs to it.</summary>
    /// <param name="applicationId">The application; <c>scope</c> for the variables of the scope.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    [Alias("HasApplication")]
    [Repeatable]
    Task<bool> HasApplicationAsync(string applicationId, CancellationToken cancellationToken = default);

    /// <summary>Reads the next part of the listed fields and of their changes.</summary>
    /// <param name="position">The position of the previous part; the default position begins with all fields.</param>
    /// <param name="waits">Whether to wait for the next change if there is none, at most <see cref="GrainLimits.LongestWait"/>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A bounded number of fields and changes; none after a wait without a change.</returns>
    [Alias("Follow")]
    [Repeatable]
    Task<FieldUpdates> FollowAsync(FieldPosition position, bool waits, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads all fields in one message, for nodes that do not support <see cref="FollowAsync"/> and for short lists. Waits at most
    /// <see cref="GrainLimits.LongestWait"/> for a version other than the caller's.
    /// </summary>
    /// <param name="version">The version that the caller has; 0 returns at once.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The current fields.</returns>
    [Alias("Read")]
    [Repeatable]
    Task<FieldList> ReadAsync(long version, CancellationToken cancellationToken = default);
}

/// <summary>A position in the changes of a directory. The default position is before all changes.</summary>
/// <param name="Directory">The activation of the directory; versions of different activations cannot be compared.</param>
/// <param name="Version">The version up to which the caller has read all changes.</param>
/// <param name="Page">The first page that the caller has not read yet; 0 after the last page.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.FieldPosition")]
public sealed record FieldPosition([property: Id(0)] string Directory = "", [property: Id(1)] long Version = 0, [property: Id(2)] int Page = 0);

/// <summary>A part of the listed fields, or changes of them.</summary>
/// <param name="Position">The position after this part.</param>
/// <param name="IsStart">Whether this is the first part of all fields: the caller discards earlier parts.</param>
/// <param name="Fields">Fields that exist.</param>
/// <param name="Removed">The tickets of fields that no longer exist.</param>
/// <param name="HasMore">Whether another part can be read without a wait. The list is consistent only after a part that sets this to false.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.FieldUpdates")]
public sealed record FieldUpdates(
    [property: Id(0)] FieldPosition Position,
    [property: Id(1)] bool IsStart,
    [property: Id(2)] ImmutableArray<FieldDescription> Fields,
    [property: Id(3)] ImmutableArray<string> Removed,
    [property: Id(4)] bool HasMore);

/// <summary>The fields at one moment.</summary>
/// <param name="Version">The version, which grows with every change.</param>
/// <param name="Fields">All listed fields.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.FieldList")]
public sealed record FieldList([property: Id(0)] long Version, [property: Id(1)] ImmutableArray<FieldDescription> Fields);

/// <summary>A listed field.</summary>
/// <param name="Ticket">The ticket, in canonical text.</param>
/// <param name="ApplicationId">The application; <c>scope</c> for a scope variable.</param>
/// <param name="ApplicationName">The application's name; empty for a scope variable.</param>
/// <param name="FieldName">The field's name.</param>
/// <param name="Description">The description.</param>
/// <param name="Object">The current object; a new object is a change of the field.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.FieldDescription")]
public sealed record FieldDescription(
    [property: Id(0)] string Ticket,
    [property: Id(1)] string ApplicationId,
    [property: Id(2)] string ApplicationName,
    [property: Id(3)] string FieldName,
    [property: Id(4)] string Description,
    [property: Id(5)] ObjectReference Object)
{
    /// <summary>The principal that owns the name; null if an earlier version stored it.</summary>
    [Id(6)]
    public string? Owner { get; init; }

    /// <summary>The session that created a variable; null or empty for other names.</summary>
    [Id(7)]
    public string? SessionId { get; init; }
}

/// <summary>A configured field.</summary>
/// <param name="Ticket">The ticket, in canonical text.</param>
/// <param name="ApplicationName">The application's name; empty for a scope variable.</param>
/// <param name="Description">The description.</param>
/// <param name="TypeName">The type of the object to create.</param>
/// <param name="Arguments">The arguments of the object, by their configuration paths.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.FieldConfiguration")]
public sealed record FieldConfiguration(
    [property: Id(0)] string Ticket,
    [property: Id(1)] string ApplicationName,
    [property: Id(2)] string Description,
    [property: Id(3)] string TypeName,
    [property: Id(4)] IReadOnlyDictionary<string, string?> Arguments)
{
    /// <summary>The principal that owns the name; null if an earlier version stored it.</summary>
    [Id(5)]
    public string? Owner { get; init; }
}
