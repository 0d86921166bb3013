using System.Diagnostics;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Wharf.Bench;

/// <summary>Measures the time until a server serves, and its memory at rest.</summary>
internal static class StartTime
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>Starts the process and polls its health, on the port of <c>Wharf__Port</c>, until it is SERVING.</summary>
    public static async Task<(double Milliseconds, double Mebibytes)> MeasureAsync(string file, string[] arguments)
    {
        var port = Environment.GetEnvironmentVariable("Wharf__Port") ?? "10000";
        using var channel = GrpcChannel.ForAddress($"http://localhost:{port}");
        var health = new Health.HealthClient(channel);
        // Exclude the initialization of the gRPC client.
        await IsServingAsync(health);

        var clock = Stopwatch.StartNew();
        var start = new ProcessStartInfo(file) { RedirectStandardOutput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            while (!await IsServingAsync(health))
                await Task.Delay(2);
            var served = clock.Elapsed.TotalMilliseconds;
            await Task.Delay(Rest);
            return (served, ServerMemory.Resident(process.Id) / (1024.0 * 1024));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<bool> IsServingAsync(Health.HealthClient health)
    {
        try
        {
            var answer = await health.CheckAsync(new HealthCheckRequest());
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException)
        {
            return false;
        }
    }
}
