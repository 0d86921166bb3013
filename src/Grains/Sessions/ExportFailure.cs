using System.Globalization;
using Wharf.Protocol;

namespace Wharf.Grains.Sessions;

/// <summary>The reason why an export has no value, and the failure of its dependents.</summary>
/// <param name="State">The final state of the export.</param>
/// <param name="Fault">The fault for the caller of the operation.</param>
/// <param name="IsPassedOn">Whether dependents fail with the same fault. Otherwise their fault contains only the state of the export.</param>
/// <param name="ErrorId">The id of the log entry, for the notification; empty for a cancelled export.</param>
/// <param name="DependentHandle">The parent in the notification.</param>
internal sealed record ExportFailure(ExportState State, Fault Fault, bool IsPassedOn, string ErrorId, string DependentHandle)
{
    /// <summary>Whether the failure is a status of the operation itself: the first such failure ends the responses of a batch.</summary>
    public bool EndsBatch => State == ExportState.Failed || IsPassedOn;

    /// <summary>The failure of an export that was cancelled before it was available.</summary>
    public static ExportFailure Cancelled { get; } =
        new(ExportState.Cancelled, new Fault(FaultCode.Cancelled, StatusTexts.ExportCancelled), IsPassedOn: false, ErrorId: "", DependentHandle: "");

    /// <summary>Creates the failure of an operation.</summary>
    /// <remarks>
    /// INVALID_ARGUMENT of an operation is the protocol's status for failures without a status of their own (an invalid formula, an exception of a plugin):
    /// dependents do not repeat it. The fault of a ticket is always repeated.
    /// </remarks>
    public static ExportFailure Failed(Fault fault, bool isPassedOn, Func<string> newErrorId) =>
        new(ExportState.Failed, fault, isPassedOn || fault.Code != FaultCode.InvalidArgument, fault.ErrorId ?? newErrorId(), "");

    /// <summary>Creates the failure of an operation with a source that cannot be resolved.</summary>
    public static ExportFailure Unresolved(Fault fault, Func<string> newErrorId) =>
        new(ExportState.DependencyFailed, fault, IsPassedOn: true, newErrorId(), "");

    /// <summary>Creates the failure of an operation whose source was not defined in time.</summary>
    public static ExportFailure NeverFound(int parentId, Func<string> newErrorId) => new(
        ExportState.DependencyNeverFound,
        new Fault(FaultCode.FailedPrecondition, StatusTexts.ExportInState(ExportState.DependencyNeverFound, parentId)),
        IsPassedOn: true,
        newErrorId(),
        "");

    /// <summary>Creates the failure of an operation with a released source.</summary>
    public static ExportFailure ParentReleased(int parentId, Func<string> newErrorId) => Related(ExportState.DependencyReleased, parentId, newErrorId);

    /// <summary>Creates the failure of an operation with a failed source whose failure is no longer stored.</summary>
    public static ExportFailure ParentUnknown(Func<string> newErrorId) => Generic(newErrorId());

    /// <summary>Creates the failure of an operation with a source without a value.</summary>
    public static ExportFailure OfParent(ExportNode parent, Func<string> newErrorId)
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
