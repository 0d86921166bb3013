using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Client.Tests;

public sealed class Observed
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_streams_and_calls_are_counted_and_calls_are_activities()
    {
        using var source = new ActivitySource("test source");
        using var meter = new Meter("test meter");
        List<Activity> activities = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Add,
        };
        ActivitySource.AddActivityListener(listener);
        Dictionary<string, long> sums = [];
        List<(string, int)> calls = [];
        using var measured = new MeterListener { InstrumentPublished = (instrument, own) => { if (instrument.Meter == meter) own.EnableMeasurementEvents(instrument); } };
        measured.SetMeasurementEventCallback<long>((instrument, value, _, _) => sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + value);
        measured.SetMeasurementEventCallback<double>((_, _, tags, _) => calls.Add(((string)tags[0].Value!, (int)tags[1].Value!)));
        measured.Start();

        await using var server = await ScriptedServer.StartAsync();
        await using var session = await ScriptedServer.ConnectAsync(
            Credentials.Anonymous, new() { HttpHandler = server.Transport(), ActivitySource = source, Meter = meter });
        await using (var echo = await PluginClient.ConnectAsync(session, new(new ScopeTicket("echo"), "Echo"), Cancelled))
        {
            await echo.ReadAsync(Cancelled);
            Assert.Equal(1, sums["wharf.client.streams"]);
            await echo.SendAsync("x"u8.ToArray(), cancellationToken: Cancelled);
            await echo.ReadAsync(Cancelled);
        }
        server.Refuses = StatusCode.NotFound;
        await Assert.ThrowsAsync<WharfException>(() => session.ExportFromTicketAsync(new ScopeTicket("x"), Cancelled));
        server.Refuses = StatusCode.OK;

        Assert.Equal((0, 1, 2), (sums["wharf.client.streams"], sums["wharf.client.messages.sent"], sums["wharf.client.messages.received"]));
        Assert.Equal([("LoginAsync", 0), ("ExportFromTicketAsync", 5)], calls);
        Assert.Equal(["LoginAsync", "ExportFromTicketAsync"], activities.Select(activity => activity.OperationName));
        Assert.Equal((ActivityStatusCode.Error, "scope/x"), (activities[1].Status, activities[1].GetTagItem("wharf.ticket")));
    }

    [Fact]
    public async Task An_option_that_is_wrong_is_named_before_anything_is_called()
    {
        foreach (var (property, options) in new (string, SessionOptions)[]
        {
            ("CallTimeout", new() { CallTimeout = TimeSpan.Zero }),
            ("ConnectTimeout", new() { ConnectTimeout = TimeSpan.FromSeconds(-3) }),
            ("TransferTimeout", new() { TransferTimeout = TimeSpan.FromDays(30) }),
            ("MaxReceiveMessageBytes", new() { MaxReceiveMessageBytes = 0 }),
        })
            Assert.Equal(property, (await Assert.ThrowsAnyAsync<ArgumentException>(() => ScriptedServer.ConnectAsync(Credentials.Anonymous, options))).ParamName);
    }
}
