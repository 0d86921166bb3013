using System.Collections.Immutable;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>Defines operations: links the nodes of their results and sources, and queues those without missing sources.</summary>
internal sealed class ExportIntake(ExportLimits limits, ExportIds ids, ExportTransitions transitions, ExportWaits waits, Func<string> newErrorId, PrincipalCalls.Count? principal = null)
{
    private long _lastKey;

    /// <summary>Returns a source of an operation that is not defined, or null.</summary>
    public static ExportNode? UndefinedDependencyOf(ExportNode node) =>
        Array.Find(node.Dependencies ?? [], dependency => dependency.State == ExportState.Unknown);

    /// <summary>Defines operations: all of them or, if one is rejected, none.</summary>
    /// <returns>The keys of the operations, in their order.</returns>
    /// <exception cref="FaultException">An operation is rejected; no export was changed.</exception>
    public ImmutableArray<long> Define(ImmutableArray<ExportDefinition> definitions, DateTimeOffset now)
    {
        new ExportAdmission(ids.Nodes, ids.StateOf).Check(definitions);
        RequireRoom(definitions);

        var nodes = new ExportNode[definitions.Length];
        for (var i = 0; i < nodes.Length; i++)
            nodes[i] = Open(definitions[i].ResultId);
        for (var i = 0; i < nodes.Length; i++)
            Link(nodes[i], definitions[i].Sources, nodes);
        for (var i = 0; i < nodes.Length; i++)
            Begin(nodes[i], definitions[i].Sources, now);
        transitions.Propagate();
        return [.. nodes.Select(node => node.Key)];
    }

    /// <summary>Adds the node of a new id.</summary>
    public ExportNode Add(int id)
    {
        var node = new ExportNode(++_lastKey, id);
        ids.Add(node);
        transitions.Move(node, ExportState.Unknown);
        return node;
    }

    /// <summary>
    /// Returns the node of an id that is used as a source, and adds it if necessary. Returns null for an id whose node is removed, and for an unknown id of the
    /// server.
    /// </summary>
    public ExportNode? GetOrAdd(int id) => ids.Find(id) ?? (id > 0 && ids.StateOf(id) is null ? Add(id) : null);

    /// <summary>Throws if the session would have too many exports.</summary>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED.</exception>
    public void RequireRoomForExports(int added)
    {
        if (added > limits.LiveExports - ids.LiveCount)
            throw new FaultException(FaultCode.ResourceExhausted, $"A session has at most {limits.LiveExports} live exports");
    }

    private void RequireRoom(ImmutableArray<ExportDefinition> definitions)
    {
        if (transitions.WaitingCount + definitions.Length > limits.WaitingCalls)
            throw new FaultException(FaultCode.ResourceExhausted, $"A session has at most {limits.WaitingCalls} waiting calls (Wharf:Sessions:MaxWaitingCalls)");
        principal?.Require(definitions.Length);
        var added = 0;
        foreach (var definition in definitions)
        {
            if (definition.ResultId != 0 && ids.Find(definition.ResultId) is null)
                added++;
            foreach (var source in definition.Sources)
            {
                if (source.Kind == ExportSourceKind.Export && source.Number > 0 && ids.StateOf(source.Number) is null)
                    added++;
            }
        }

        RequireRoomForExports(added);
    }

    private ExportNode Open(int resultId)
    {
        var node = resultId == 0 ? new ExportNode(++_lastKey, 0) : ids.Find(resultId) ?? Add(resultId);
        transitions.AddOperation(node);
        return node;
    }

    private ExportNode OpenTicket(string ticket)
    {
        var node = new ExportNode(++_lastKey, 0) { IsTicket = true, IsDefined = true, IsWorking = true, State = ExportState.Running };
        transitions.AddTicket(node, ticket);
        return node;
    }

    private void Link(ExportNode node, ImmutableArray<ExportSource> sources, ExportNode[] neighbours)
    {
        var dependencies = new List<ExportNode>(sources.Length);
        foreach (var source in sources)
        {
            var dependency = source.Kind switch
            {
                ExportSourceKind.Export => GetOrAdd(source.Number),
                ExportSourceKind.Neighbour => neighbours[source.Number],
                _ => OpenTicket(source.Ticket),
            };
            if (dependency is null)
                continue;
            dependencies.Add(dependency);
            dependency.Uses++;
            if (dependency.IsSettled)
                continue;
            (dependency.Dependents ??= []).Add(node);
            node.Missing++;
        }

        node.Dependencies = [.. dependencies];
    }

    private void Begin(ExportNode node, ImmutableArray<ExportSource> sources, DateTimeOffset now)
    {
        // An operation with a failed source was never pending: followers receive the failure at once, as from the reference server.
        if (DeadDependencyOf(node, sources) is { } failure)
        {
            transitions.Fail(node, failure);
            return;
        }

        transitions.Move(node, ExportState.Pending);
        if (node.Missing == 0)
            transitions.Queue(node);
        else if (UndefinedDependencyOf(node) is not null)
            waits.Add(node, now);
    }

    private ExportFailure? DeadDependencyOf(ExportNode node, ImmutableArray<ExportSource> sources)
    {
        foreach (var source in sources)
        {
            if (source.Kind != ExportSourceKind.Export || ids.Find(source.Number) is not null)
                continue;
            if (ExportAdmission.FaultOfSource(source.Number, ids.StateOf(source.Number)) is { } fault)
                return ExportFailure.Unresolved(fault, newErrorId);
            return ids.StateOf(source.Number) == ExportState.Released
                ? ExportFailure.ParentReleased(source.Number, newErrorId)
                : ExportFailure.ParentUnknown(newErrorId);
        }

        var dead = Array.Find(node.Dependencies!, dependency => dependency.State.IsTerminal());
        return dead is null ? null : ExportFailure.OfParent(dead, newErrorId);
    }
}
