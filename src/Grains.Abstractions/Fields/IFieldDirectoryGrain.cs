using System.Collections.Immutable;

namespace Wharf.Grains.Fields;

/// <summary>The named fields of the cluster: scope variables and application fields. There is one, under <see cref="Key"/>.</summary>
[GrainInterfaceType("wharf.field-directory")]
[Alias("wharf.IFieldDirectoryGrain")]
public interface IFieldDirectoryGrain : ITicketGrain
{
    /// <summary>The key of the one directory.</summary>
    const string Key = "fields";

    /// <summary>A node says which objects it can make: those whose plugin it has. Without such a node, an object is made where the directory is.</summary>
    /// <param name="node">The node, as <see cref="Nodes.NodeGrains.NameOf"/> has it.</param>
    /// <param name="typeNames">The object types.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when the directory knows, and has made the configured fields that waited for the node.</returns>
    [Alias("Offer")]
    Task OfferAsync(string node, ImmutableArray<string> typeNames, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes sure that the configured fields exist: each object is made once in the cluster, whoever asks first. A field of a type that no node has waits for one that offers it.
    /// </summary>
    /// <param name="fields">The fields of one node's configuration.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when all of them exist.</returns>
    /// <exception cref="FaultException">
    /// An object could not be made; the message names the field. NOT_FOUND: all others exist, but these have types that no node offers, and wait.
    /// </exception>
    [Alias("Configure")]
    Task ConfigureAsync(ImmutableArray<FieldConfiguration> fields, CancellationToken cancellationToken = default);

    /// <summary>Makes an object under a new name. Like a configured one it is made anew, with the same arguments, should it be lost with its node.</summary>
    /// <param name="field">The name, the type and the arguments.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The object, once every session can see it.</returns>
    /// <exception cref="FaultException">ALREADY_EXISTS: the name is taken. NOT_FOUND: no node has the type. INVALID_ARGUMENT: the type could not make the object.</exception>
    [Alias("Create")]
    Task<ObjectReference> CreateAsync(FieldConfiguration field, CancellationToken cancellationToken = default);

    /// <summary>Makes an object under a new name, for a principal.</summary>
    /// <param name="field">The name, the type and the arguments.</param>
    /// <param name="claim">The principal, which owns the name then.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The object, once every session can see it.</returns>
    /// <exception cref="FaultException">
    /// As without a principal; also RESOURCE_EXHAUSTED: the principal has the maximum number of objects. INVALID_ARGUMENT: the name breaks the rules.
    /// </exception>
    [Alias("CreateFor")]
    Task<ObjectReference> CreateAsync(FieldConfiguration field, FieldClaim claim, CancellationToken cancellationToken = default);

    /// <summary>Finds the object of a field and holds it for someone.</summary>
    /// <param name="ticket">The field's ticket, in canonical text.</param>
    /// <param name="holder">Who holds it.</param>
    /// <param name="lease">As in <see cref="Objects.IHeldGrain.HoldAsync"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The object, held.</returns>
    /// <exception cref="FaultException">NOT_FOUND: no such application, field or variable.</exception>
    [Alias("Resolve")]
    Task<ObjectReference> ResolveAsync(string ticket, string holder, TimeSpan? lease, CancellationToken cancellationToken = default);

    /// <summary>Puts an object into a scope variable, for a caller of an earlier version: only over a variable without an owner.</summary>
    /// <param name="ticket">The variable's ticket, in canonical text.</param>
    /// <param name="reference">The object; the directory holds it before this returns.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when every session can see it.</returns>
    [Alias("Set")]
    Task SetAsync(string ticket, ObjectReference reference, CancellationToken cancellationToken = default);

    /// <summary>Puts an object into a scope variable, over whatever the principal may replace.</summary>
    /// <param name="ticket">The variable's ticket, in canonical text.</param>
    /// <param name="reference">The object; the directory holds it before this returns.</param>
    /// <param name="claim">The principal, which owns the name then.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when every session can see it.</returns>
    /// <exception cref="FaultException">
    /// PERMISSION_DENIED: the name belongs to another principal. RESOURCE_EXHAUSTED: the principal has the maximum number of names. INVALID_ARGUMENT: the name breaks the rules.
    /// </exception>
    [Alias("SetFor")]
    Task SetAsync(string ticket, ObjectReference reference, FieldClaim claim, CancellationToken cancellationToken = default);

    /// <summary>Checks that nobody has a name, so that the own scope of a session may have it.</summary>
    /// <param name="ticket">The ticket, in canonical text.</param>
    /// <param name="claim">The principal of the session.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes if the name is free.</returns>
    /// <exception cref="FaultException">PERMISSION_DENIED: the shared scope has the name.</exception>
    [Alias("DemandFree")]
    Task DemandFreeAsync(string ticket, FieldClaim claim, CancellationToken cancellationToken = default);

    /// <summary>Takes a scope variable away, for a caller of an earlier version: only one without an owner.</summary>
    /// <param name="ticket">The variable's ticket, in canonical text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True when there was one.</returns>
    [Alias("Remove")]
    Task<bool> RemoveAsync(string ticket, CancellationToken cancellationToken = default);

    /// <summary>Takes a name away, for a principal.</summary>
    /// <param name="ticket">The ticket, in canonical text.</param>
    /// <param name="claim">The principal.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>True when there was one.</returns>
    /// <exception cref="FaultException">PERMISSION_DENIED: the name belongs to another principal.</exception>
    [Alias("RemoveFor")]
    Task<bool> RemoveAsync(string ticket, FieldClaim claim, CancellationToken cancellationToken = default);

    /// <summary>Whether there is an application: a listed field belongs to it.</summary>
    /// <param name="applicationId">The application, <c>scope</c> for the variables of the scope.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    [Alias("HasApplication")]
    [Repeatable]
    Task<bool> HasApplicationAsync(string applicationId, CancellationToken cancellationToken = default);

    /// <summary>Reads the next part of the listed fields and of their changes.</summary>
    /// <param name="position">The position of the part before; the default position begins with all fields.</param>
    /// <param name="waits">Whether to wait for the next change if there is none, at most <see cref="GrainLimits.LongestWait"/>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A bounded number of fields and changes; none after a wait without a change.</returns>
    [Alias("Follow")]
    [Repeatable]
    Task<FieldUpdates> FollowAsync(FieldPosition position, bool waits, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads all fields in one message, for nodes that do not know <see cref="FollowAsync"/> and for lists that are known to be short, waiting at most <see cref="GrainLimits.LongestWait"/> for a version other than the caller's.</summary>
    /// <param name="version">The version that the caller has; 0 answers at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The fields now.</returns>
    [Alias("Read")]
    [Repeatable]
    Task<FieldList> ReadAsync(long version, CancellationToken cancellationToken = default);
}

/// <summary>A position in the changes of a directory. The default position is before all of them.</summary>
/// <param name="Directory">The activation of the directory: the versions of another one are others.</param>
/// <param name="Version">The version up to which all changes are read.</param>
/// <param name="Page">The first page that is not read yet; 0 after the last one.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.FieldPosition")]
public sealed record FieldPosition([property: Id(0)] string Directory = "", [property: Id(1)] long Version = 0, [property: Id(2)] int Page = 0);

/// <summary>A part of the listed fields, or changes of them.</summary>
/// <param name="Position">The position after this part.</param>
/// <param name="IsStart">Whether this is the first part of all fields: earlier parts are void.</param>
/// <param name="Fields">Fields that exist.</param>
/// <param name="Removed">The tickets of fields that do not exist any more.</param>
/// <param name="HasMore">Whether another part can be read without a wait. The fields are those of one moment only after a part without more.</param>
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
/// <param name="Version">Grows with every change.</param>
/// <param name="Fields">All listed fields.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.FieldList")]
public sealed record FieldList([property: Id(0)] long Version, [property: Id(1)] ImmutableArray<FieldDescription> Fields);

/// <summary>A field as it is listed.</summary>
/// <param name="Ticket">Its ticket, in canonical text.</param>
/// <param name="ApplicationId">The application, <c>scope</c> for a scope variable.</param>
/// <param name="ApplicationName">The application's name; empty for a scope variable.</param>
/// <param name="FieldName">The field's name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Object">What it holds now: a field that changes its object has changed.</param>
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

    /// <summary>The session that made a variable; null or empty for other names.</summary>
    [Id(7)]
    public string? SessionId { get; init; }
}

/// <summary>A field as it is configured.</summary>
/// <param name="Ticket">Its ticket, in canonical text.</param>
/// <param name="ApplicationName">The application's name; empty for a scope variable.</param>
/// <param name="Description">What it is.</param>
/// <param name="TypeName">The object type to make it of.</param>
/// <param name="Arguments">Arguments for the object, by their configuration paths.</param>
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
