using System.Diagnostics;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol.Grpc;

namespace Wharf.Cluster.Tests.SingleNode;

/// <summary>How a server goes: everybody is told, in order and in time, whatever plugins do.</summary>
public sealed class Stop : IDisposable
{
    private const int Streams = 1_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wharf-stop-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Journal => Path.Combine(_folder.FullName, "journal");

    [Fact]
    public async Task With_a_thousand_streams_and_a_handler_that_does_not_return_it_is_gone_in_ten_seconds()
    {
        await using var server = await ServerProcess.StartAsync(WithStubbornPlugin(), Token);
        await using var session = await Session.ConnectAsync(server.Address, Wire.Login, cancellationToken: Token);
        var source = Wire.Scope("stubborn", "Stubborn");
        var streams = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => Wire.OpenAsync(session.CallInvoker, source, Token)));

        var blocked = streams[0];
        await blocked.RequestStream.WriteAsync(Wire.Data("block"u8.ToArray()), Token);
        Assert.True(await blocked.ResponseStream.MoveNext(Token));

        var termination = new SessionService.SessionServiceClient(session.CallInvoker).TerminationNotificationAsync(new(), cancellationToken: Token);
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var watch = new Health.HealthClient(channel).Watch(new HealthCheckRequest(), cancellationToken: Token);
        Assert.True(await watch.ResponseStream.MoveNext(Token));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, watch.ResponseStream.Current.Status);

        var clock = Stopwatch.StartNew();
        server.Running.Process.Send(Signal.Terminate);
        var ends = await Task.WhenAll(streams.Select(stream => Wire.EndAsync(stream.ResponseStream, Token)));
        var exit = await server.Running.ExitAsync(Token);
        var elapsed = clock.Elapsed;

        Assert.Equal(0, exit);
        Assert.True(elapsed < Limit, $"it took {elapsed}; the server wrote:\n{server.Running.Output}");
        Assert.All(ends, end => Assert.Equal((StatusCode.Cancelled, "Session closed"), (end.StatusCode, end.Detail)));
        var told = await termination;
        Assert.False(told.AbnormalTermination);

        // Whoever can be told is told: every stream but the one whose handler never came back.
        var journal = await File.ReadAllLinesAsync(Journal, Token);
        Assert.Equal(Streams - 1, journal.Count(line => line == "Shutdown"));
        Assert.All(journal, line => Assert.True(line is "Shutdown" or "disposed", line));
    }

    [Theory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Interrupt)]
    public async Task A_server_at_rest_goes_at_once(Signal signal)
    {
        await using var server = await ServerProcess.StartAsync(WithStubbornPlugin(), Token);
        await using (var session = await Session.ConnectAsync(server.Address, Wire.Login, cancellationToken: Token))
        {
            using var stream = await Wire.OpenAsync(session.CallInvoker, Wire.Scope("stubborn", "Stubborn"), Token);
            await stream.RequestStream.CompleteAsync();
            Assert.Equal(StatusCode.OK, (await Wire.EndAsync(stream.ResponseStream, Token)).StatusCode);
        }

        var clock = Stopwatch.StartNew();
        server.Running.Process.Send(signal);
        Assert.Equal(0, await server.Running.ExitAsync(Token));
        Assert.True(clock.Elapsed < Limit / 2, $"it took {clock.Elapsed}");
        Assert.Equal(["ClientClosed", "disposed"], await File.ReadAllLinesAsync(Journal, Token));
    }

    /// <summary>A client that holds a connection and reads nothing, and one that never finishes its request, keep nobody.</summary>
    [Fact]
    public async Task Clients_that_do_not_listen_do_not_hold_it_up()
    {
        await using var server = await ServerProcess.StartAsync(WithStubbornPlugin(), Token);
        await using var session = await Session.ConnectAsync(server.Address, Wire.Login, cancellationToken: Token);
        using var unread = await Wire.OpenAsync(session.CallInvoker, Wire.Scope("echo", "Echo"), Token);
        for (var message = 0; message < 64; message++)
            await unread.RequestStream.WriteAsync(Wire.Data(new byte[64 * 1024]), Token);
        using var silent = new System.Net.Sockets.TcpClient("localhost", server.Port);

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await server.StopAsync(Token));
        Assert.True(clock.Elapsed < Limit, $"it took {clock.Elapsed}");
    }

    [Fact]
    public async Task After_a_kill_the_next_one_starts_on_the_same_port()
    {
        int port;
        await using (var first = await ServerProcess.StartAsync(WithStubbornPlugin(), Token))
        {
            port = first.Port;
            first.Running.Process.Send(Signal.Kill);
            Assert.NotEqual(0, await first.Running.ExitAsync(Token));
        }

        var settings = WithStubbornPlugin();
        settings["Wharf__Port"] = $"{port}";
        await using var second = await ServerProcess.StartAsync(settings, Token);
        await using var session = await Session.ConnectAsync(second.Address, Wire.Login, cancellationToken: Token);
        Assert.Contains(await session.ListFieldsAsync(Token), field => field.Name == "stubborn");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Dictionary<string, string?> WithStubbornPlugin() => new()
    {
        ["Wharf__Plugins__Folder"] = Path.Combine(AppContext.BaseDirectory, "plugins"),
        ["Wharf__Fields__stubborn__Type"] = "Stubborn",
        ["Wharf__Fields__stubborn__Arguments__Journal"] = Journal,
    };
}
