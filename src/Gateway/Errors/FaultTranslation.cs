using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;
using Wharf.Gateway.Edge;
using Wharf.Gateway.Telemetry;
using Wharf.Grains;
using Wharf.Grains.Logs;
using Wharf.Protocol;
using Wharf.Tables;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Gateway.Errors;

/// <summary>Converts exceptions to faults. An unexpected exception is a defect: it is logged, and the fault contains the id of the log entry.</summary>
internal sealed partial class FaultTranslation(GatewayInstruments instruments, DefectLog defects, TimeProvider time, ILogger<FaultTranslation> logger)
{
    private const string TryAgain = "The server cannot reach what this call needs; try again";
    private const string NotAMessage = "The bytes of the request are not gRPC messages";

    // A failure that does not identify its cause may come a moment before the call is marked as aborted.
    private static readonly TimeSpan AbortDelay = TimeSpan.FromSeconds(1);

    /// <summary>Returns whether a call failed in transit, so that an idempotent call may be retried.</summary>
    public static bool IsTransient(Exception exception) =>
        exception is SiloUnavailableException or OrleansMessageRejectionException or ClientNotAvailableException or ConnectionFailedException;

    /// <summary>Returns whether gRPC could not read the messages of a stream because their bytes are malformed.</summary>
    public static bool IsMalformed(Exception exception) => exception is InvalidDataException
        || (exception is IOException && exception.Message.StartsWith("Message too large", StringComparison.Ordinal));

    /// <summary>Returns the fault for an exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="http">The call.</param>
    /// <param name="cancelled">The cancellation token of the call.</param>
    /// <param name="method">The RPC, for the log.</param>
    public async ValueTask<Fault> TranslateAsync(Exception exception, HttpContext http, CancellationToken cancelled, string method)
    {
        if (UnauthenticatedCall.Of(http) is { IsOver: true })
            return UnauthenticatedCall.Over;
        bool isBroken = BrokenRequest.IsCauseOf(exception), isOver = cancelled.IsCancellationRequested || DeadlineResponse.IsOver(http);
        bool hasLeft = isBroken || http.RequestAborted.IsCancellationRequested || (MayBeBroken(exception) && !isOver && await IsAbortedAsync(http.RequestAborted));
        if (hasLeft)
            CountBroken(exception, method);
        isOver |= hasLeft || cancelled.IsCancellationRequested;

        return exception switch
        {
            FaultException known => known.Fault,
            TicketFormatException ticket => FromStatus(ticket.Status),
            TableException table => new Fault((FaultCode)(int)table.Error, table.Message),
            _ when MemoryFailure.Is(exception) => new Fault(FaultCode.ResourceExhausted, MemoryFailure.Text),
            _ when isBroken => new Fault(FaultCode.Cancelled, "The connection was lost"),
            OperationCanceledException when isOver => new Fault(FaultCode.Cancelled, "The call was cancelled"),
            _ when isOver && MayBeBroken(exception) => new Fault(FaultCode.Cancelled, "The connection was lost"),
            _ when IsMalformed(exception) => new Fault(FaultCode.InvalidArgument, NotAMessage),
            RpcException { StatusCode: StatusCode.Internal } unread => new Fault(FaultCode.InvalidArgument, $"{NotAMessage}: {unread.Status.Detail}"),
            _ when UnreadableRequest.IsCauseOf(exception) => new Fault(FaultCode.InvalidArgument, UnreadableRequest.Explain(exception)),
            TimeoutException => new Fault(FaultCode.Unavailable, "The server did not answer in time; the call may have been executed"),
            GatewayTooBusyException or LimitExceededException => new Fault(FaultCode.ResourceExhausted, "The server is too busy"),
            _ when IsTransient(exception) => new Fault(FaultCode.Unavailable, TryAgain),
            _ => Defect(exception, method),
        };
    }

    /// <summary>Counts a call that its client ended.</summary>
    /// <param name="exception">The failure that the end caused.</param>
    /// <param name="method">The RPC, for the log.</param>
    public void CountBroken(Exception exception, string method)
    {
        instruments.CallBroken();
        LogBroken(logger, method, exception.GetType().Name);
    }

    /// <summary>Converts a status of the protocol to a fault.</summary>
    public static Fault FromStatus(ProtocolStatus status) => new((FaultCode)(int)status.Code, status.Text);

    private static bool MayBeBroken(Exception exception) =>
        exception is OperationCanceledException or InvalidOperationException || (exception is IOException or RpcException && !IsMalformed(exception));

    private async ValueTask<bool> IsAbortedAsync(CancellationToken aborted)
    {
        var reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (aborted.UnsafeRegister(static task => ((TaskCompletionSource)task!).TrySetResult(), reported))
            await Task.WhenAny(reported.Task, Task.Delay(AbortDelay, time, CancellationToken.None));
        return aborted.IsCancellationRequested;
    }

    private Fault Defect(Exception exception, string method) => GatewayErrors.Defect(defects.Write(exception, logger, errorId => LogDefect(logger, exception, method, errorId)));

    [LoggerMessage(EventId = 3505, Level = LogLevel.Debug, Message = "The client ended {Method} before its response ({Exception})")]
    private static partial void LogBroken(ILogger logger, string method, string exception);

    [LoggerMessage(EventId = 3506, Level = LogLevel.Error, Message = "{Method} failed unexpectedly; the caller received the error id {ErrorId}")]
    private static partial void LogDefect(ILogger logger, Exception exception, string method, string errorId);
}
