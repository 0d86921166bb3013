using Grpc.Core;

namespace Wharf.Client;

/// <summary>Suggests how to handle a status. The statuses are those of the server's failure table.</summary>
internal static class StatusAdvice
{
    public const string Login =
        "check the scheme and the secret; a server that does not allow anonymous logins rejects them with this status, too";

    public static string? Of(StatusCode status) => status switch
    {
        StatusCode.Unauthenticated => "the session has ended or never existed; log in again, and open streams and exports again",
        StatusCode.PermissionDenied => "the same login will be denied again; another one may be allowed",
        StatusCode.NotFound => "nothing has this name; a shared ticket ends when its publisher releases the object or closes its session",
        StatusCode.Unavailable => "the server cannot be reached or is stopping; the call can be retried",
        StatusCode.ResourceExhausted => "a limit is exceeded: release exports, read streams faster, or make fewer calls",
        StatusCode.DataLoss => "the object or table was lost with its node; create it again",
        StatusCode.DeadlineExceeded => "the call may have been executed; raise the time limit if it needs more time",
        StatusCode.Unimplemented => "the server does not implement the call",
        StatusCode.Internal => "a defect of the server; its log has the details under the id in the message",
        _ => null,
    };
}
