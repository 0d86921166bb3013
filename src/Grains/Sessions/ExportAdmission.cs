using System.Collections.Immutable;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>Decides whether operations can be accepted, before any export is changed.</summary>
internal sealed class ExportAdmission(IReadOnlyDictionary<int, ExportNode> exports, Func<int, ExportState?> stateOf)
{
    /// <summary>Checks operations that are submitted together.</summary>
    /// <exception cref="FaultException">The operations are rejected.</exception>
    public void Check(ImmutableArray<ExportDefinition> definitions)
    {
        var results = new Dictionary<int, int>();
        for (var i = 0; i < definitions.Length; i++)
        {
            CheckNeighbours(definitions[i].Sources, definitions.Length);
            CheckResult(definitions[i]);
            if (definitions[i].ResultId != 0 && !results.TryAdd(definitions[i].ResultId, i))
                throw AlreadyDefined(definitions[i].ResultId);
        }

        if (new ExportCycles(definitions, results, exports).HasCycle())
            throw new FaultException(FaultCode.FailedPrecondition, "An export cannot depend on itself");
    }

    /// <summary>Returns the fault of an id that can never be a source, or null.</summary>
    public static Fault? FaultOfSource(int id, ExportState? state) =>
        id == 0 ? new Fault(FaultCode.InvalidArgument, StatusTexts.NotAnExport(id))
        : id < 0 && state is null ? new Fault(FaultCode.FailedPrecondition, StatusTexts.ServerExportUnknown(id))
        : null;

    private static void CheckNeighbours(ImmutableArray<ExportSource> sources, int neighbours)
    {
        foreach (var source in sources)
        {
            if (source.Kind == ExportSourceKind.Neighbour && (source.Number < 0 || source.Number >= neighbours))
                throw new FaultException(FaultCode.InvalidArgument, $"The batch has no operation {source.Number}");
        }
    }

    private void CheckResult(ExportDefinition definition)
    {
        var id = definition.ResultId;
        if (id < 0)
            throw new FaultException(FaultCode.InvalidArgument, StatusTexts.ResultIdMustBePositive(id));
        if (id == 0 || stateOf(id) is not { } state)
            return;
        if (state == ExportState.Released)
            throw new FaultException(FaultCode.FailedPrecondition, StatusTexts.ExportInState(state));
        if (!exports.TryGetValue(id, out var node) || node.IsDefined)
            throw AlreadyDefined(id);
        if (state == ExportState.Unknown)
            return;

        // Cancelled before it was defined.
        throw new FaultException(FaultCode.Cancelled, StatusTexts.ExportCancelled);
    }

    private static FaultException AlreadyDefined(int id) => new(FaultCode.InvalidArgument, StatusTexts.ExportAlreadyDefined(id));
}
