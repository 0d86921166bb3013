using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Orleans;
using Wharf.Gateway.Errors;
using Wharf.Grains;
using Wharf.Grains.Sessions;

namespace Wharf.Gateway.Authentication;

/// <summary>
/// Begins sessions. The id of a session determines its node and the node of its directory entry. If a lost node does not answer an attempt, another attempt begins with a new id. The first session
/// that begins is the result; any other is closed as soon as it has begun.
/// </summary>
internal sealed partial class SessionStarts(IGrainFactory grains, TimeProvider time, ILogger<SessionStarts> logger)
{
    /// <summary>The maximum number of attempts for one login.</summary>
    internal const int MaxAttempts = 4;

    /// <summary>The maximum time of a login.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The time after which a second attempt begins. It doubles with each attempt.</summary>
    internal static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);

    private const int SessionIdBytes = 16;
    private static readonly Fault NoAnswer = new(FaultCode.Unavailable, "No node has begun the session in time; try again");

    /// <summary>Begins a session.</summary>
    /// <param name="login">Creates the login for the id of a session.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The session.</returns>
    /// <exception cref="FaultException">The session was refused, or no node began it within the limit.</exception>
    public async Task<(ISessionGrain Grain, SessionStatus Status)> BeginAsync(Func<string, SessionLogin> login, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var wait = FirstWait;
        var attempts = 1;
        List<Attempt> open = [Begin(login)];
        try
        {
            while (true)
            {
                var left = Limit - time.GetElapsedTime(begun);
                if (open.Count == 0 || left <= TimeSpan.Zero)
                    throw new FaultException(NoAnswer);
                var canRepeat = attempts < MaxAttempts;
                if (await FirstOfAsync(open, canRepeat && wait < left ? wait : left, cancellationToken) is { } answered)
                {
                    if (answered.Status.IsCompletedSuccessfully)
                    {
                        open.Remove(answered);
                        return (answered.Grain, await answered.Status);
                    }

                    if (!(canRepeat && IsTransient(answered.Status.Exception?.InnerException)))
                    {
                        if (open.Count == 1 || !IsTransient(answered.Status.Exception?.InnerException))
                            await answered.Status;
                        open.Remove(answered);
                        continue;
                    }

                    open.Remove(answered);
                }

                if (!canRepeat)
                    continue;
                attempts++;
                wait *= 2;
                open.Add(Begin(login));
            }
        }
        finally
        {
            foreach (var late in open)
                _ = EndAsync(late);
        }
    }

    private static bool IsTransient(Exception? exception) => exception is TimeoutException || (exception is not null && FaultTranslation.IsTransient(exception));

    private async Task<Attempt?> FirstOfAsync(List<Attempt> open, TimeSpan wait, CancellationToken cancellationToken)
    {
        // Fast path: the only attempt has usually completed.
        if (open is [{ Status.IsCompleted: true } only])
            return only;
        var first = Task.WhenAny(open.Select(static attempt => attempt.Status));
        try
        {
            var answered = await first.WaitAsync(wait, time, cancellationToken);
            return open.Find(attempt => attempt.Status == answered);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    // The call is not cancelled: a session that begins late must be closed.
    private Attempt Begin(Func<string, SessionLogin> login)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SessionIdBytes));
        var grain = grains.GetGrain<ISessionGrain>(id);
        return new Attempt(grain, grain.LoginAsync(login(id), CancellationToken.None));
    }

    private async Task EndAsync(Attempt late)
    {
        try
        {
            await late.Status;
        }
        catch (Exception)
        {
            // The session may have begun although the call failed. It then ends when its token expires.
            return;
        }

        try
        {
            await late.Grain.CloseAsync(SessionEndReason.Closed, CancellationToken.None);
        }
        catch (Exception failed)
        {
            LogNotEnded(failed);
        }
    }

    [LoggerMessage(EventId = 3421, Level = LogLevel.Debug, Message = "A session that began after its login was served elsewhere could not be ended; it ends when its token runs out")]
    private partial void LogNotEnded(Exception exception);

    private sealed record Attempt(ISessionGrain Grain, Task<SessionStatus> Status);
}
