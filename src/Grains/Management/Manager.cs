using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wharf.Grains.Fields;
using Wharf.Grains.Logs;
using Wharf.Grains.Nodes;
using Wharf.Grains.Objects;
using Wharf.Grains.References;
using Wharf.Grains.Streams;
using Wharf.Plugins;
using Wharf.Protocol;

namespace Wharf.Grains.Management;

/// <summary>The operations of sessions on the named objects of the cluster.</summary>
internal sealed partial class Manager(ObjectContext context)
{
    private readonly ManagementOptions _options = context.ServerServices.GetRequiredService<IOptions<ManagementOptions>>().Value;
    private readonly INameAuthorizer _authorizer = context.ServerServices.GetRequiredService<INameAuthorizer>();
    private readonly LimitedLogger _audit = LimitedLogger.OfDenials(context.ServerServices.GetRequiredService<ILoggerFactory>(), context.ServerServices.GetRequiredService<TimeProvider>());

    private ObjectHolds Holds => context.Owner.References.Services.Holds;

    private IGrainFactory Grains => context.Owner.References.Services.Grains;

    private IFieldDirectoryGrain Directory => Grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);

    /// <summary>Lists the object types of all nodes, and the number of nodes of each.</summary>
    public async Task<IReadOnlyList<(ObjectTypeDescription Type, int Nodes)>> ListTypesAsync(CancellationToken cancellationToken)
    {
        var nodes = await Grains.GetGrain<INodesGrain>(0).WatchAsync(version: 0, cancellationToken);
        var answers = await Task.WhenAll(nodes.Active.Select(async node =>
        {
            try
            {
                return await Grains.GetNode(node).ListObjectTypesAsync(cancellationToken);
            }
            catch (Exception gone) when (gone is FaultException { Fault.Code: FaultCode.DataLoss } || Faults.IsTransient(gone))
            {
                return ImmutableArray<ObjectTypeDescription>.Empty;
            }
        }));
        return [.. answers.SelectMany(static types => types).GroupBy(static type => type.Name, StringComparer.Ordinal).OrderBy(static types => types.Key, StringComparer.Ordinal)
            .Select(static types => (types.First(), types.Count()))];
    }

    /// <summary>Creates an object.</summary>
    /// <returns>The object; the handle expires when the handler returns.</returns>
    public async Task<IServerObject> CreateAsync(Caller caller, string name, string type, IReadOnlyDictionary<string, string?> arguments, CancellationToken cancellationToken)
    {
        Demand(caller, "create", name);
        var ticket = await AuthorizeAsync(caller, "create", name, cancellationToken);
        var field = new FieldConfiguration(ticket, "", "", type, arguments);
        var reference = await Directory.CreateAsync(field, ClaimOf(caller), cancellationToken);
        LogCreated(_audit, caller.Identity, caller.SessionId, name, type);
        return context.Owner.References.CreateHandle(await Holds.HoldAsync(reference, cancellationToken));
    }

    /// <summary>Removes a name. The object ends when no client holds it.</summary>
    public async Task DeleteAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        Demand(caller, "delete", name);
        var ticket = await AuthorizeAsync(caller, "delete", name, cancellationToken);
        if (await Directory.LookupAsync(ticket, cancellationToken) is { } reference && reference.ObjectId == context.ObjectId)
            throw new FaultException(FaultCode.FailedPrecondition, $"'{name}' manages the others and cannot be deleted through itself");
        if (!await Directory.RemoveAsync(ticket, ClaimOf(caller), cancellationToken))
            throw NotFound(name);
        LogDeleted(_audit, caller.Identity, caller.SessionId, name);
    }

    /// <summary>Describes a named object and its holders.</summary>
    public async Task<ObjectDescription> DescribeAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        Demand(caller, "list the holders of", name);
        var ticket = await AuthorizeAsync(caller, "list", name, cancellationToken);
        var reference = await Directory.LookupAsync(ticket, cancellationToken) ?? throw NotFound(name);
        return await Holds.Grain(reference).DescribeAsync(cancellationToken);
    }

    /// <summary>Describes an object that was sent as a reference, and its holders.</summary>
    public async Task<ObjectDescription> DescribeAsync(Caller caller, IServerObject target, CancellationToken cancellationToken)
    {
        Demand(caller, "list the holders of", target.Id);
        var reference = ((ServerObject)target).Hold.Reference;
        return reference.IsLive
            ? await Holds.Grain(reference).DescribeAsync(cancellationToken)
            : throw new FaultException(FaultCode.InvalidArgument, "The reference names no object that could be held");
    }

    private FieldClaim ClaimOf(Caller caller) => FieldOwners.ClaimOf(new CallerIdentity(caller.Identity, caller.SessionId, caller.Scheme), _options);

    private static Ticket TicketOf(string name)
    {
        var ticket = FieldNames.TicketOf(name)
            ?? throw new FaultException(FaultCode.InvalidArgument, $"'{NameRules.Shown(name)}' is neither the name of a variable nor app/{{application}}/field/{{field}}");
        FieldNames.Parse(ticket.Canonical).RequireValid();
        return ticket;
    }

    private static FaultException NotFound(string name) => new(FaultCode.NotFound, $"There is no object '{name}'");

    private void Demand(Caller caller, string action, string target)
    {
        if (_options.Allows(caller))
            return;
        LogDenied(_audit, caller.Identity, caller.SessionId, action, target);
        throw new FaultException(FaultCode.PermissionDenied, $"Not allowed: {action} objects ({ManagementOptions.Section}:{nameof(ManagementOptions.Managers)} lists the users who may)");
    }

    // Called before the lookup of the name, so that a refusal does not disclose whether it exists. Plugin objects are trusted code; only the option applies to
    // them.
    private async ValueTask<string> AuthorizeAsync(Caller caller, string action, string name, CancellationToken cancellationToken)
    {
        var ticket = TicketOf(name).Canonical;
        if (caller.SessionId.Length == 0
            || await _authorizer.IsAllowedAsync(new CallerIdentity(caller.Identity, caller.SessionId, caller.Scheme) { Roles = [.. caller.Roles] }, action, ticket, cancellationToken))
        {
            return ticket;
        }

        LogDenied(_audit, caller.Identity, caller.SessionId, action, name);
        throw new FaultException(FaultCode.PermissionDenied, $"Not allowed: {action}");
    }

    [LoggerMessage(EventId = 11, Level = LogLevel.Information, Message = "{Identity} in session {SessionId} created {Name}, a {Type}")]
    private static partial void LogCreated(ILogger logger, string identity, string sessionId, string name, string type);

    [LoggerMessage(EventId = 12, Level = LogLevel.Information, Message = "{Identity} in session {SessionId} deleted {Name}")]
    private static partial void LogDeleted(ILogger logger, string identity, string sessionId, string name);

    [LoggerMessage(EventId = 13, Level = LogLevel.Warning, Message = "{Identity} in session {SessionId} may not {Action} {Target}")]
    private static partial void LogDenied(ILogger logger, string identity, string sessionId, string action, string target);
}
