using System.Diagnostics;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Wharf.Bench;

/// <summary>Waits until a server answers a call.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until a stream of a named object can be opened.</summary>
    /// <exception cref="TimeoutException">No stream was opened within the limit; the exception contains the last error.</exception>
    public static Task WaitForObjectAsync(Uri address, string login, string name, string type, TimeSpan limit) => WaitAsync(address, limit, async () =>
    {
        await using var connection = await Connection.LoginAsync(address, login);
        var call = await new NamedObject(connection, name, type).OpenAsync();
        await call.CloseAsync();
    });

    /// <summary>Waits until the health service reports SERVING, for a node that serves no clients.</summary>
    /// <exception cref="TimeoutException">It did not within the limit; the exception contains the last error.</exception>
    public static Task WaitForHealthAsync(Uri address, TimeSpan limit) => WaitAsync(address, limit, async () =>
    {
        using var channel = GrpcChannel.ForAddress(address);
        var answer = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow + limit);
        if (answer.Status != HealthCheckResponse.Types.ServingStatus.Serving)
            throw new RpcException(new Status(StatusCode.Unavailable, $"the health service reports {answer.Status}"));
    });

    private static async Task WaitAsync(Uri address, TimeSpan limit, Func<Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await call().WaitAsync(limit);
                return;
            }
            catch (Exception failed) when (failed is RpcException or TimeoutException or InvalidOperationException)
            {
                if (Stopwatch.GetElapsedTime(started) > limit)
                    throw new TimeoutException($"{address} did not answer within {limit.TotalSeconds:F0} s: {failed.Message}", failed);
            }

            await Task.Delay(Pause);
        }
    }
}
