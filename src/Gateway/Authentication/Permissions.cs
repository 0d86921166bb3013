using Wharf.Grains;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Authentication;

/// <summary>Calls the authorizer, and converts a refusal to PERMISSION_DENIED.</summary>
internal sealed class Permissions(IAuthorizer authorizer, AuditLog audit)
{
    /// <summary>The caller of a call without a session.</summary>
    public static CallerIdentity NoSession { get; } = new("", "", "");

    /// <summary>Whether the authorizer allows everything, so that it need not be called.</summary>
    public bool AllowsEverything { get; } = authorizer is AllowEverything;

    /// <summary>Decides without an entry in the audit log: for lists, which omit the targets that the caller may not see.</summary>
    public ValueTask<bool> AllowsAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken) =>
        authorizer.IsAllowedAsync(caller, action, target, cancellationToken);

    /// <summary>Throws if the caller is not allowed.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public ValueTask DemandAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken)
    {
        var answer = authorizer.IsAllowedAsync(caller, action, target, cancellationToken);
        return answer.IsCompletedSuccessfully && answer.Result ? ValueTask.CompletedTask : DemandAsync(answer, caller, action, target);
    }

    /// <summary>Records a refusal in the audit log.</summary>
    /// <returns>The exception to throw. It is the same whether the target exists or not.</returns>
    public FaultException Deny(CallerIdentity caller, string action, string target)
    {
        audit.Denied(caller.Identity, caller.SessionId, action, target);
        return new FaultException(FaultCode.PermissionDenied, $"Not allowed: {action}");
    }

    private async ValueTask DemandAsync(ValueTask<bool> answer, CallerIdentity caller, string action, string target)
    {
        if (!await answer)
            throw Deny(caller, action, target);
    }
}
