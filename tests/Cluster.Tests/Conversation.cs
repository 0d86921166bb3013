using System.Globalization;
using Grpc.Core;
using Wharf.Client;

namespace Wharf.Cluster.Tests;

/// <summary>Talks to the echo without a pause and sees that every word comes back, in order.</summary>
internal sealed class Conversation(Session session)
{
    private const int Window = 16;

    private readonly Lock _lock = new();
    private readonly List<(long Words, TaskCompletionSource Reached)> _awaited = [];
    private long _said;

    /// <summary>How many words have come back.</summary>
    public long Said => Interlocked.Read(ref _said);

    /// <summary>Completes when so many words have come back.</summary>
    public Task HasSaidAsync(long words)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _awaited.Add((words, reached));
        Look();
        return reached.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    /// <summary>Talks until it is enough.</summary>
    /// <returns>How the stream ended; OK when nothing was lost until it was enough.</returns>
    public async Task<StatusCode> RunAsync(CancellationToken enough)
    {
        try
        {
            await using var echo = await session.OpenAsync(ClusterCalls.Scope("echo", "Echo"), TestContext.Current.CancellationToken);
            for (var next = 0L; !enough.IsCancellationRequested;)
            {
                for (var sent = 0; sent < Window; sent++)
                    await echo.SayAsync((next + sent).ToString(CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
                for (var heard = 0; heard < Window; heard++, next++)
                    Assert.Equal(next, await echo.CountAsync(TestContext.Current.CancellationToken));
                Interlocked.Exchange(ref _said, next);
                Look();
            }

            return StatusCode.OK;
        }
        catch (RpcException end)
        {
            return end.StatusCode;
        }
    }

    private void Look()
    {
        lock (_lock)
        {
            foreach (var (words, reached) in _awaited)
                if (Said >= words)
                    reached.TrySetResult();
        }
    }
}
