using Wharf.Grains;

namespace Wharf.Gateway.Authentication;

/// <summary>Asks the authorizer and turns its no into a status.</summary>
internal sealed class Permissions(IAuthorizer authorizer, AuditLog audit)
{
    /// <summary>Goes on only if the caller may.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED.</exception>
    public ValueTask DemandAsync(CallSession session, string action, string target, CancellationToken cancellationToken)
    {
        var answer = authorizer.IsAllowedAsync(session.Caller, action, target, cancellationToken);
        return answer.IsCompletedSuccessfully && answer.Result ? ValueTask.CompletedTask : DemandAsync(answer, session, action);
    }

    private async ValueTask DemandAsync(ValueTask<bool> answer, CallSession session, string action)
    {
        if (await answer)
            return;
        audit.Denied(session.Caller.Identity, session.Id, action);
        throw new FaultException(FaultCode.PermissionDenied, $"Not allowed: {action}");
    }
}
