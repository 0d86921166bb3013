using System.Runtime.CompilerServices;
using Grpc.Core;
using Ticket = Wharf.Protocol.Ticket;

namespace Wharf.Client;

/// <summary>Runs unary calls: applies the time limit, converts exceptions, and records an activity and the duration.</summary>
internal sealed class CallGuard(SessionOptions options, ClientTelemetry telemetry)
{
    public Task<T> RunAsync<T>(
        Func<CancellationToken, AsyncUnaryCall<T>> call, Ticket? ticket, CancellationToken cancellationToken,
        [CallerMemberName] string method = "") =>
        RunAsync(call, ticket, options.CallTimeout, cancellationToken, method);

    public async Task<T> RunAsync<T>(
        Func<CancellationToken, AsyncUnaryCall<T>> call, Ticket? ticket, TimeSpan limit, CancellationToken cancellationToken, string method)
    {
        var activity = telemetry.StartCall(method, ticket);
        var began = options.TimeProvider.GetTimestamp();
        var status = StatusCode.Unknown;
        using var clock = new TimeLimit(limit, options.TimeProvider, cancellationToken);
        try
        {
            using var running = call(clock.Token);
            var answer = await running.ResponseAsync.ConfigureAwait(false);
            status = StatusCode.OK;
            return answer;
        }
        catch (RpcException failed) when (!failed.IsCausedBy(clock.Token))
        {
            status = failed.StatusCode;
            throw WharfException.From(failed, ticket);
        }
        catch (Exception cancelled) when (cancelled is OperationCanceledException or RpcException)
        {
            status = clock.IsOver ? StatusCode.DeadlineExceeded : StatusCode.Cancelled;
            throw clock.Failure(cancelled, ticket);
        }
        finally
        {
            telemetry.EndCall(activity, method, options.TimeProvider.GetElapsedTime(began), status);
        }
    }
}

/// <summary>Combines a caller's token with a time limit, and distinguishes the two afterwards.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource? _clock;
    private readonly CancellationTokenSource? _either;

    public TimeLimit(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        (_limit, _caller) = (limit, caller);
        if (limit == Timeout.InfiniteTimeSpan)
            return;
        _clock = new(limit, time);
        _either = caller.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(_clock.Token, caller) : null;
    }

    public CancellationToken Token => (_either ?? _clock)?.Token ?? _caller;

    /// <summary>Whether the limit has passed, and the caller has not cancelled.</summary>
    public bool IsOver => _clock is { IsCancellationRequested: true } && !_caller.IsCancellationRequested;

    /// <summary>Suspends the limit until it is restarted.</summary>
    public void Pause() => _clock?.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Starts the limit from the beginning.</summary>
    public void Restart() => _clock?.CancelAfter(_limit);

    public Exception Failure(Exception cancelled, Ticket? ticket) => IsOver
        ? new WharfException(
            StatusCode.DeadlineExceeded, $"no answer within {_limit}", ticket, StatusAdvice.Of(StatusCode.DeadlineExceeded), cancelled)
        : new OperationCanceledException(cancelled.Message, cancelled, _caller);

    public void Dispose()
    {
        _either?.Dispose();
        _clock?.Dispose();
    }
}
