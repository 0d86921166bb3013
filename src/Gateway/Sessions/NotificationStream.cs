using Grpc.Core;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Drain;
using Wharf.Gateway.Errors;

namespace Wharf.Gateway.Sessions;

/// <summary>Streams the notifications of a session, which it pulls by cursor, until the session ends.</summary>
internal static class NotificationStream
{
    public static async Task RunAsync<T>(
        SessionWatch watch,
        GatewayDrain drain,
        CallSession session,
        string subscriber,
        IServerStreamWriter<T> responses,
        ServerCallContext context,
        Func<long, CancellationToken, Task<(IEnumerable<T> Items, bool IsDone)>> pull)
    {
        await context.WriteResponseHeadersAsync([]);
        using var call = watch.Open(session, context.CancellationToken);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.StreamsEnd);
        try
        {
            bool isDone = false;
            for (long cursor = 0; !isDone;)
            {
                // When the session ends, the grain returns the last items and IsDone. Only the drain and the caller cancel the pull.
                (var items, isDone) = await GrainCallRetry.RetryOnceAsync((pull, cursor), static (state, token) => state.pull(state.cursor, token), cut.Token);
                foreach (var item in items)
                {
                    await responses.WriteAsync(item, context.CancellationToken);
                    cursor++;
                }
            }
        }
        catch (Exception exception) when (call.RecordEnd(exception))
        {
            call.ThrowIfFailed(sessionEnd: null);
        }
        finally
        {
            if (!call.SessionHasEnded)
                await UnsubscribeAsync(session, subscriber);
        }
    }

    private static async Task UnsubscribeAsync(CallSession session, string subscriber)
    {
        try
        {
            await session.Grain.UnsubscribeAsync(subscriber, CancellationToken.None);
        }
        catch (Exception)
        {
            // The session removes a subscriber that stops pulling.
        }
    }
}
