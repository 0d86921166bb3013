using Grpc.Core;

namespace Wharf.Security.Authorization;

/// <summary>The effects of one request with a ticket.</summary>
/// <param name="IsAsked">Whether the authorizer was asked about the ticket.</param>
/// <param name="ReachedBy">The grain method that received the ticket, or null.</param>
/// <param name="Status">The status of the call.</param>
internal sealed record Observation(bool IsAsked, string? ReachedBy, StatusCode Status)
{
    /// <summary>Finds the fault in the effects of the same request without and with the permission.</summary>
    /// <returns>The fault, or null.</returns>
    public static string? FindFault(Observation denied, Observation allowed) => (denied, allowed) switch
    {
        ({ ReachedBy: { } grain }, _) => $"reaches {grain} although it is denied",
        ({ IsAsked: true, Status: not StatusCode.PermissionDenied }, _) => $"is denied, but the status is {denied.Status}",
        (_, { ReachedBy: { } grain, IsAsked: false }) => $"reaches {grain} although no authorizer was asked",
        ({ IsAsked: false }, { IsAsked: true }) => "is asked about only by an authorizer that allows it",
        (_, { Status: StatusCode.PermissionDenied }) => "is denied although it is allowed",
        (_, { Status: StatusCode.Internal or StatusCode.Unknown or StatusCode.DeadlineExceeded }) or ({ Status: StatusCode.Internal or StatusCode.Unknown or StatusCode.DeadlineExceeded }, _) =>
            $"ends with {denied.Status} and {allowed.Status}",
        _ => null,
    };
}
