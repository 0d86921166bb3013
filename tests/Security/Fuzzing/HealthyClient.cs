using System.Diagnostics;
using System.Text;
using Wharf.Client;

namespace Wharf.Security.Fuzzing;

/// <summary>A client that uses the server while it is fuzzed: an echo and a small table, every few milliseconds.</summary>
internal sealed class HealthyClient
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly List<TimeSpan> _times = [];

    /// <summary>How long the calls took.</summary>
    public IReadOnlyList<TimeSpan> Times => _times;

    /// <summary>Returns the time that the given part of the calls did not exceed.</summary>
    public TimeSpan Percentile(double part) => _times.Order().ElementAt((int)((_times.Count - 1) * part));

    /// <summary>Runs until it is cancelled. A failure of a call is a failure of the run.</summary>
    public async Task RunAsync(Uri address, CancellationToken cancellationToken)
    {
        await using var session = await Session.ConnectAsync(address, Credentials.PreSharedKey(GuardedServer.Key), cancellationToken: CancellationToken.None);
        var echo = (await session.ListFieldsAsync(CancellationToken.None)).First(static field => field.Name == "echo");
        await using var stream = await PluginClient.ConnectAsync(session, echo.Ticket, CancellationToken.None);
        // The first message is the one of the connection.
        await stream.ReadAsync(CancellationToken.None);
        for (int n = 0; n == 0 || !cancellationToken.IsCancellationRequested; n++)
        {
            long start = Stopwatch.GetTimestamp();
            await stream.SendAsync(Encoding.ASCII.GetBytes($"message {n}"), cancellationToken: CancellationToken.None);
            var answer = await stream.ReadAsync(CancellationToken.None);
            Assert.Equal($"message {n}", Encoding.ASCII.GetString(answer!.Payload.Span));
            await using var table = await session.EmptyTableAsync(10, CancellationToken.None);
            await using var updated = await table.UpdateAsync(["X = i * 2"], CancellationToken.None);
            Assert.Equal(10, updated.Size);
            _times.Add(Stopwatch.GetElapsedTime(start));
            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}
