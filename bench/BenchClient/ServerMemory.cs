using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;

namespace Wharf.Bench;

/// <summary>Reads the resident memory of another process on this machine.</summary>
internal sealed class ServerMemory(int process)
{
    private const long CollectNow = 0x800000;
    private const int Collections = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Triggers full collections in the process, and reads its resident memory afterwards.</summary>
    /// <returns>The resident bytes.</returns>
    public async Task<long> SettleAsync()
    {
        var client = new DiagnosticsClient(process);
        var provider = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, CollectNow);
        for (var i = 0; i < Collections; i++)
        {
            // A session with this keyword begins with a full, blocking collection.
            using (var session = await client.StartEventPipeSessionAsync(provider, requestRundown: false, token: default))
            {
                var drained = session.EventStream.CopyToAsync(Stream.Null);
                await Task.Delay(Pause);
                await session.StopAsync(default);
                await drained;
            }

            await Task.Delay(Pause);
        }

        return Resident(process);
    }

    /// <summary>Returns the resident bytes of a process, without a collection.</summary>
    public static long Resident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
