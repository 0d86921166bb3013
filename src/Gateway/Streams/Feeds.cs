using Grpc.Core;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Hosting;

namespace Wharf.Gateway.Streams;

/// <summary>A stream of what a session reports, pulled by cursor; it completes with the session.</summary>
internal static class Feeds
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
                // The end of the session is told by the feed itself, after its last items; only a stop of the gateway or of the caller cuts it short.
                (var items, isDone) = await GrainCalls.RetryOnceAsync((pull, cursor), static (state, token) => state.pull(state.cursor, token), cut.Token);
                foreach (var item in items)
                {
                    await responses.WriteAsync(item, context.CancellationToken);
                    cursor++;
                }
            }
        }
        catch (Exception exception) when (call.EndsWith(exception))
        {
            call.ThrowEnd(sessionEnd: null);
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
            // The session forgets a subscriber that does not come back.
        }
    }
}
