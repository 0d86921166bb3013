using Wharf.Plugins;
using Wharf.Plugins.Hosting;
using Wharf.Plugins.Testing;

namespace Wharf.Cli.Plugins;

/// <summary>
/// Creates an object of each type of a plugin in memory and connects to it. A type that needs arguments or other services cannot be tried in this way, which
/// is not an error.
/// </summary>
internal static class PluginTrial
{
    private static readonly TimeSpan TrialLimit = TimeSpan.FromSeconds(5);

    /// <summary>Tries the types.</summary>
    /// <returns>A warning for each type that sends no first message.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(LoadedPlugin plugin, CancellationToken cancellationToken)
    {
        var host = new PluginTestHost(plugin);
        var warnings = new List<string>();
        foreach (var type in host.Types)
        {
            if (type is { CanCreate: true, Type: BidirectionalObjectType } && await SendsNothingAsync(host, type.Name, cancellationToken))
                warnings.Add($"the object type {type.Name} sends no message before its connect call returns; clients wait for one");
        }

        // Plugin code may block the disposal; the process ends nevertheless.
        await Task.Run(async () => await host.DisposeAsync(), cancellationToken).WaitAsync(TrialLimit, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return warnings;
    }

    private static async Task<bool> SendsNothingAsync(PluginTestHost host, string type, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(
                async () =>
                {
                    var made = await host.CreateAsync(type, arguments: null, cancellationToken);
                    var stream = await made.ConnectAsync(caller: null, cancellationToken);
                    return (await stream.ReceiveAllAsync()).Count == 0 && stream.Ended is null;
                },
                cancellationToken).WaitAsync(TrialLimit, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
