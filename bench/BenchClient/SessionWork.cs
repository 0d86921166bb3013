using System.Diagnostics;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>Measures logins, and the exchange of objects between sessions.</summary>
internal static class SessionWork
{
    /// <summary>Logs in and closes the session, on one connection.</summary>
    public static async Task<Durations> LoginsAsync(Uri address, string login, TimeSpan time)
    {
        await using var connection = await Connection.LoginAsync(address, "none");
        var (config, sessions) = (new ConfigService.ConfigServiceClient(connection.Channel), new SessionService.SessionServiceClient(connection.Channel));
        var durations = new Durations();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            var begun = Stopwatch.GetTimestamp();
            using var call = config.GetConfigurationConstantsAsync(new(), [new Metadata.Entry("authorization", login)]);
            var token = (await call.ResponseHeadersAsync).GetValue("authorization") ?? throw new InvalidOperationException("no token");
            await call;
            await sessions.CloseSessionAsync(new(), [new Metadata.Entry("authorization", token)]);
            durations.Add(Stopwatch.GetElapsedTime(begun));
        }

        return durations;
    }

    /// <summary>Publishes an object under a new shared ticket in one session, and fetches it in another, perhaps on another node. The release is not measured.</summary>
    public static async Task<Durations> PublishAndFetchAsync(Uri publisher, Uri fetcher, string login, string name, TimeSpan time)
    {
        await using var giver = await Connection.LoginAsync(publisher, login);
        await using var taker = await Connection.LoginAsync(fetcher, login);
        var (giving, taking) = (new SessionService.SessionServiceClient(giver.Channel), new SessionService.SessionServiceClient(taker.Channel));
        var source = Tickets.Export(1);
        await giving.ExportFromTicketAsync(new() { SourceId = Tickets.Named(name), ResultId = source }, giver.Headers);
        var durations = new Durations();
        var clock = Stopwatch.StartNew();
        for (var id = 1; clock.Elapsed < time; id++)
        {
            var shared = Tickets.NewShared();
            var begun = Stopwatch.GetTimestamp();
            await giving.PublishFromTicketAsync(new() { SourceId = source, ResultId = shared }, giver.Headers);
            await taking.ExportFromTicketAsync(new() { SourceId = shared, ResultId = Tickets.Export(id) }, taker.Headers);
            durations.Add(Stopwatch.GetElapsedTime(begun));
            await taking.ReleaseAsync(new() { Id = Tickets.Export(id) }, taker.Headers);
        }

        return durations;
    }
}
