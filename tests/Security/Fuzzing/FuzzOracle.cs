using System.Net;

namespace Wharf.Security.Fuzzing;

/// <summary>Decides whether the end of a call is a fault of the server.</summary>
internal static class FuzzOracle
{
    private const int Unknown = 2, Internal = 13, LastStatus = 16;

    /// <summary>Returns the fault, or null.</summary>
    public static string? Judge(FuzzInput input, FuzzOutcome outcome) => outcome switch
    {
        { Status: Unknown or Internal } => $"status {outcome.Status}: {outcome.Text}",
        { Status: < 0 or > LastStatus } => $"no status of gRPC: {outcome.Status}",
        { Status: not null } => null,
        { Http: >= HttpStatusCode.InternalServerError } => $"HTTP status {outcome.Http}",
        _ when input.HasOddHeaders || input.Ending == FuzzEnding.Reset => null,
        { IsBroken: true } => $"the response broke off: {outcome.Text}",
        { Http: HttpStatusCode.OK } => "the response has no status of gRPC",
        _ => $"HTTP status {outcome.Http}",
    };
}
