using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Wharf.Protocol;
using Wharf.Tables;

namespace Wharf.Grains;

/// <summary>Translates the exceptions of grain calls to documented failures.</summary>
internal static partial class Faults
{
    /// <summary>Returns whether a retry of the call may succeed.</summary>
    public static bool IsTransient(Exception exception) =>
        exception is TimeoutException or SiloUnavailableException or OrleansMessageRejectionException or ClientNotAvailableException;

    public static Fault From(Exception exception, ILogger logger)
    {
        switch (exception)
        {
            case FaultException fault:
                return fault.Fault;
            case TableException table:
                return new Fault((FaultCode)(int)table.Error, table.Message);
            case var _ when MemoryFailure.Is(exception):
                return new Fault(FaultCode.ResourceExhausted, MemoryFailure.Text);
            case OperationCanceledException:
                return new Fault(FaultCode.Cancelled, StatusTexts.ExportCancelled);
            case LimitExceededException:
                return new Fault(FaultCode.ResourceExhausted, "A node is overloaded");
            case var _ when IsTransient(exception):
                return new Fault(FaultCode.Unavailable, "A node does not answer");
            default:
                var errorId = Guid.NewGuid().ToString();
                LogDefect(logger, errorId, exception);
                return new Fault(FaultCode.Internal, StatusTexts.DetailsLogged(errorId), errorId);
        }
    }

    [LoggerMessage(2501, LogLevel.Error, "Unexpected failure {ErrorId}")]
    private static partial void LogDefect(ILogger logger, string errorId, Exception exception);
}
