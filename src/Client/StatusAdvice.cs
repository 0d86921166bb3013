using Grpc.Core;

namespace Wharf.Client;

/// <summary>What a caller can do about a status. The statuses are those of the server's failure table.</summary>
internal static class StatusAdvice
{
    public const string Login = "check the scheme and the secret; a server without anonymous logins refuses them with this status too";

    public static string? Of(StatusCode status) => status switch
    {
        StatusCode.Unauthenticated => "the session has ended or was never there; log in again and open streams and exports anew",
        StatusCode.PermissionDenied => "another login may be allowed this; the same one will not be",
        StatusCode.NotFound => "nothing has this name now; a shared ticket is gone when its publisher released the object or left",
        StatusCode.Unavailable => "the server cannot be reached or is stopping; the same call may be made again",
        StatusCode.ResourceExhausted => "a limit is reached: release exports, read streams faster, or make fewer calls",
        StatusCode.DataLoss => "the object or table went with its node; make it anew",
        StatusCode.DeadlineExceeded => "it may still have happened; raise the time limit if it needs longer",
        StatusCode.Unimplemented => "this server does not serve the call",
        StatusCode.Internal => "a defect of the server; its log has the rest under the id in the message",
        _ => null,
    };
}
