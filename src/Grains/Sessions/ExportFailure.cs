using System.Globalization;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>Why there is no value, and what those learn who counted on it.</summary>
/// <param name="State">The state that the export ends in.</param>
/// <param name="Fault">What its own caller is told.</param>
/// <param name="IsPassedOn">Whether the fault is a status that dependents report as it is; of others they only say in which state they ended.</param>
/// <param name="ErrorId">The id in the log, for the notification; empty for an export that was given up.</param>
/// <param name="DependentHandle">The parent that the notification names.</param>
internal sealed record ExportFailure(ExportState State, Fault Fault, bool IsPassedOn, string ErrorId, string DependentHandle)
{
    /// <summary>Whether it counts as a status of the work itself: the first of these ends the answers of a batch.</summary>
    public bool EndsBatch => State == ExportState.Failed || IsPassedOn;

    /// <summary>The export was given up before it was there.</summary>
    public static ExportFailure Cancelled { get; } =
        new(ExportState.Cancelled, new Fault(FaultCode.Cancelled, StatusTexts.ExportCancelled), IsPassedOn: false, ErrorId: "", DependentHandle: "");

    /// <summary>The work failed.</summary>
    /// <remarks>
    /// INVALID_ARGUMENT from running work is the status that the protocol gives to failures without a status of their own (a bad formula, a plugin's exception): dependents do
    /// not repeat it. What a ticket resolved to is always repeated.
    /// </remarks>
    public static ExportFailure Failed(Fault fault, bool isPassedOn, Func<string> newErrorId) =>
        new(ExportState.Failed, fault, isPassedOn || fault.Code != FaultCode.InvalidArgument, fault.ErrorId ?? newErrorId(), "");

    /// <summary>Something that it depends on cannot be there.</summary>
    public static ExportFailure Unresolved(Fault fault, Func<string> newErrorId) =>
        new(ExportState.DependencyFailed, fault, IsPassedOn: true, newErrorId(), "");

    /// <summary>Nobody defined what it waited for.</summary>
    public static ExportFailure NeverFound(int parentId, Func<string> newErrorId) => new(
        ExportState.DependencyNeverFound,
        new Fault(FaultCode.FailedPrecondition, StatusTexts.ExportInState(ExportState.DependencyNeverFound, parentId)),
        IsPassedOn: true,
        newErrorId(),
        "");

    /// <summary>Something that it depends on had been released before.</summary>
    public static ExportFailure ParentReleased(int parentId, Func<string> newErrorId) => Related(ExportState.DependencyReleased, parentId, newErrorId);

    /// <summary>Something that it depends on failed, so long ago that nobody remembers how.</summary>
    public static ExportFailure ParentForgotten(Func<string> newErrorId) => Generic(newErrorId());

    /// <summary>Something that it depends on ended without a value.</summary>
    public static ExportFailure Because(ExportNode parent, Func<string> newErrorId)
    {
        if (parent.Failure is not { } failure)
            return ParentReleased(parent.Id, newErrorId);
        if (failure.State == ExportState.Cancelled && !parent.IsDefined)
            return Related(ExportState.DependencyCancelled, parent.Id, newErrorId);
        var errorId = failure.ErrorId.Length > 0 ? failure.ErrorId : newErrorId();
        return failure.IsPassedOn ? failure with { State = ExportState.DependencyFailed, ErrorId = errorId, DependentHandle = "" } : Generic(errorId);
    }

    private static ExportFailure Related(ExportState state, int parentId, Func<string> newErrorId) => new(
        state,
        new Fault(FaultCode.FailedPrecondition, StatusTexts.ExportInState(state, parentId)),
        IsPassedOn: false,
        newErrorId(),
        parentId.ToString(CultureInfo.InvariantCulture));

    private static ExportFailure Generic(string errorId) => new(
        ExportState.DependencyFailed,
        new Fault(FaultCode.FailedPrecondition, StatusTexts.ExportInState(ExportState.DependencyFailed)),
        IsPassedOn: false,
        errorId,
        "");
}
