using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Wharf.Protocol;
using Wharf.Tables;

namespace Wharf.Grains;

/// <summary>Makes a documented failure of whatever a grain call ended in.</summary>
internal static partial class Faults
{
    /// <summary>Whether the same call may well succeed a moment later.</summary>
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
                return new Fault(FaultCode.ResourceExhausted, "A node has too much to do");
            case var _ when IsTransient(exception):
                return new Fault(FaultCode.Unavailable, "A node does not answer");
            default:
                var errorId = Guid.NewGuid().ToString();
                LogDefect(logger, errorId, exception);
                return new Fault(FaultCode.Internal, StatusTexts.DetailsLogged(errorId), errorId);
        }
    }

    [LoggerMessage(LogLevel.Error, "Unexpected failure {ErrorId}")]
    private static partial void LogDefect(ILogger logger, string errorId, Exception exception);
}
