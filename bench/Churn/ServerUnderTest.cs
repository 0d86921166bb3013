using System.Globalization;
using System.Text;
using Wharf.Client;
using Wharf.Protocol;

namespace Wharf.Bench.Churn;

/// <summary>A running server on this machine.</summary>
/// <param name="address">The address.</param>
/// <param name="key">The pre-shared key.</param>
/// <param name="process">The id of the process.</param>
internal sealed class ServerUnderTest(Uri address, string key, int process)
{
    public Uri Address => address;

    public string Key => key;

    public long Resident => ServerMemory.Resident(process);

    public Task<Session> ConnectAsync(CancellationToken cancellationToken = default) =>
        Session.ConnectAsync(address, Credentials.PreSharedKey(key), cancellationToken: cancellationToken);

    public static TypedTicket Named(string name, string type) => new(new ScopeTicket(name), type);

    /// <summary>Triggers full collections in the server, and measures its memory.</summary>
    public async Task<(long Resident, long? Heap)> SettleAsync()
    {
        var resident = await new ServerMemory(process).SettleAsync();
        try
        {
            await using var session = await ConnectAsync();
            var answer = await session.FetchObjectAsync(Named("heap", "Heap"));
            return (resident, long.Parse(Encoding.UTF8.GetString(answer.Payload.Span), CultureInfo.InvariantCulture));
        }
        catch (WharfException)
        {
            // The server does not have the plugin of the benchmarks.
            return (resident, null);
        }
    }
}
