using Wharf.Grains;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Authentication;

/// <summary>Asks the authorizer and turns a refusal into a status.</summary>
internal sealed class Permissions(IAuthorizer authorizer, AuditLog audit)
{
    /// <summary>The caller of a call without a session.</summary>
    public static CallerIdentity NoSession { get; } = new("", "", "");

    /// <summary>Whether no decision needs the authorizer.</summary>
    public bool AllowsEverything { get; } = authorizer is AllowEverything;

    /// <summary>Decides without a trace in the audit log: for lists, which leave out what the caller may not see.</summary>
    public ValueTask<bool> AllowsAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken) =>
        authorizer.IsAllowedAsync(caller, action, target, cancellationToken);

    /// <summary>Completes only if the caller is allowed to.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public ValueTask DemandAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken)
    {
        var answer = authorizer.IsAllowedAsync(caller, action, target, cancellationToken);
        return answer.IsCompletedSuccessfully && answer.Result ? ValueTask.CompletedTask : DemandAsync(answer, caller, action, target);
    }

    /// <summary>Records a refusal.</summary>
    /// <returns>The status for the caller, which is the same whether the target exists or not.</returns>
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
