using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;
using Wharf.Grains;
using Wharf.Protocol;
using Wharf.Tables;

namespace Wharf.Gateway.Errors;

/// <summary>What a caller is told of an exception. What is not foreseen is a defect: it goes into the log, and the caller gets its id.</summary>
internal sealed partial class FaultTranslation(ILogger<FaultTranslation> logger)
{
    private const string TryAgain = "The server cannot reach what this call needs; try again";

    /// <summary>Whether a call failed on its way, so that it may be worth another try if trying twice does no harm.</summary>
    public static bool IsTransient(Exception exception) =>
        exception is SiloUnavailableException or OrleansMessageRejectionException or ClientNotAvailableException or ConnectionFailedException;

    /// <summary>Decides what the caller is told.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="callIsCancelled">Whether the caller gave up.</param>
    /// <param name="method">The RPC, for the log.</param>
    public Fault Translate(Exception exception, bool callIsCancelled, string method) => exception switch
    {
        FaultException known => known.Fault,
        TicketFormatException ticket => FromStatus(ticket.Status),
        TableException table => new Fault((FaultCode)(int)table.Error, table.Message),
        OperationCanceledException when callIsCancelled => new Fault(FaultCode.Cancelled, "The call was cancelled"),
        _ when callIsCancelled && IsBrokenConnection(exception) => new Fault(FaultCode.Cancelled, "The connection was lost"),
        TimeoutException => new Fault(FaultCode.Unavailable, "The server did not answer in time; what became of the call is not known"),
        GatewayTooBusyException or LimitExceededException => new Fault(FaultCode.ResourceExhausted, "The server is too busy"),
        _ when IsTransient(exception) => new Fault(FaultCode.Unavailable, TryAgain),
        _ => Defect(exception, method),
    };

    /// <summary>A promised status as a fault.</summary>
    public static Fault FromStatus(ProtocolStatus status) => new((FaultCode)(int)status.Code, status.Text);

    private static bool IsBrokenConnection(Exception exception) => exception is IOException or InvalidOperationException or ObjectDisposedException;

    private Fault Defect(Exception exception, string method)
    {
        var errorId = Guid.NewGuid().ToString();
        LogDefect(logger, exception, method, errorId);
        return GatewayErrors.Defect(errorId);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed unexpectedly; the caller was given the error id {ErrorId}")]
    private static partial void LogDefect(ILogger logger, Exception exception, string method, string errorId);
}
