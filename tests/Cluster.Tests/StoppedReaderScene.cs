using System.Diagnostics;
using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Cluster.Tests;

/// <summary>One stream that nobody reads, among others that are read and answered all the time.</summary>
internal sealed class StoppedReaderScene : IAsyncDisposable
{
    private const int Size = 64 * 1024;

    // How many messages of each push are the stopped reader's.
    private const int Share = 32;
    private const int Others = 8;
    private const int WarmUp = 32;

    private static readonly TypedTicket Feed = ClusterCalls.Scope("feed", "Feed");

    private readonly StalledConnections _dam;
    private readonly Session _session;
    private readonly Session _another;
    private readonly PluginClient _stopped;
    private readonly PluginClient _publisher;
    private readonly List<PluginClient> _others = [];
    private readonly RunningProcess[] _servers;
    private long[] _before = [];
    private long _said;
    private volatile bool _enough;
    private Task _saying = Task.CompletedTask;

    private StoppedReaderScene(Nodes nodes, StalledConnections dam, Session session, Session another, PluginClient stopped, PluginClient publisher)
    {
        _servers = [nodes.HomeA.Running, nodes.HomeB.Running];
        (_dam, _session, _another, _stopped, _publisher) = (dam, session, another, stopped, publisher);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The most by which the memory of either node grew while a client did not read.</summary>
    public long GrownBy { get; private set; } = long.MinValue;

    /// <summary>How many bytes were pushed to the stopped reader, or would have been.</summary>
    public long Pushed { get; private set; }

    /// <summary>How many bytes the server has taken from the stopped reader.</summary>
    public long Said => Interlocked.Read(ref _said);

    /// <summary>Opens all streams, and has as much said on them as will be later, with everyone reading.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="isOnSameNode">Whether the object is where clients come in.</param>
    /// <param name="stopsConnection">Whether the stopped reader takes nothing more from its whole connection; else it does not take what there is of one of its streams.</param>
    public static async Task<StoppedReaderScene> OpenAsync(Nodes nodes, bool isOnSameNode, bool stopsConnection = false)
    {
        var door = isOnSameNode ? nodes.B : nodes.A;
        var dam = new StalledConnections();
        var options = new SessionOptions { HttpHandler = stopsConnection ? dam.Connections() : null };
        var session = await Session.ConnectAsync(door.Address, Credentials.PreSharedKey(ServerProcess.Psk), options, Token);
        var another = await door.LoginAsync(Token);
        var scene = new StoppedReaderScene(nodes, dam, session, another, await session.OpenAsync(Feed, Token), await another.OpenAsync(Feed, Token));
        // Where it can be, half of them are on the stopped reader's own connection.
        for (var n = 0; n < Others; n++)
            scene._others.Add(await (n % 2 == 0 && !stopsConnection ? session : another).OpenAsync(Feed, Token));
        foreach (var other in scene._others)
            await AskAsync(other, $"take {Share / Others}");
        for (var n = 0; n < WarmUp; n++)
            await scene.RoundAsync(Share / Others);
        foreach (var other in scene._others)
            await AskAsync(other, "take 1");
        scene._before = [.. scene._servers.Select(static server => server.ResidentBytes())];
        return scene;
    }

    /// <summary>Pushes to everyone; the others read theirs before more is pushed.</summary>
    public async Task PushAsync(int rounds)
    {
        await AskAsync(_stopped, $"take {Share}");
        _dam.Close();
        for (var n = 0; n < rounds; n++)
        {
            await RoundAsync(1);
            Pushed += Share * Size;
            Look();
        }
    }

    /// <summary>Has the one that does not read send as fast as it is let, while the others go on.</summary>
    public async Task SayAsync(TimeSpan time, Func<bool> isEnough)
    {
        _dam.Close();
        _saying = SayOnAsync();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time && !isEnough();)
        {
            await RoundAsync(1);
            Look();
        }
    }

    /// <summary>How the streams that take have ended; waits for the first, unless there is none to wait for.</summary>
    public async Task<string> EndingsAsync(bool wait)
    {
        string endings;
        do
            endings = await AskAsync(_publisher, "endings");
        while (wait && endings.Length == 0);
        return endings;
    }

    /// <summary>Reads what there is for the one that did not read.</summary>
    /// <returns>How many bytes that was.</returns>
    public async Task<long> ReadOnAsync()
    {
        _dam.Open();
        var read = 0L;
        while (await _stopped.ReadAsync(Token) is { } message)
            read += message.Payload.Length;
        return read;
    }

    /// <summary>Has the one that did not read say nothing more, and read every answer.</summary>
    /// <returns>How many bytes that was.</returns>
    public async Task<long> ReadAllAsync()
    {
        _enough = true;
        var completing = CompleteAsync();
        var read = await ReadOnAsync();
        await completing;
        return read;
    }

    public async ValueTask DisposeAsync()
    {
        _enough = true;
        _dam.Open();
        foreach (var stream in _others.Append(_publisher).Append(_stopped))
            await stream.DisposeAsync();
        await Record.ExceptionAsync(() => _saying);
        await _session.DisposeAsync();
        await _another.DisposeAsync();
    }

    private static async Task<string> AskAsync(PluginClient stream, string text)
    {
        await stream.SayAsync(text, Token);
        return await stream.HearAsync(Token);
    }

    // Pushes once; everyone else reads what is pushed, and gets an answer. Calls that are no streams are answered, too.
    private async Task RoundAsync(int share)
    {
        Assert.Equal("pushed", await AskAsync(_publisher, $"push {Size} x"));
        await Task.WhenAll(_others.Select(async other =>
        {
            for (var n = 0; n < share; n++)
                Assert.Equal(Size, (await other.ReadAsync(Token))!.Payload.Length);
            Assert.Equal("on", await AskAsync(other, "on"));
        }));
        if (!_dam.IsClosed)
            await _session.RenewAsync(Token);
        await _another.RenewAsync(Token);
    }

    private async Task SayOnAsync()
    {
        var message = new byte[Size];
        while (!_enough)
        {
            await _stopped.SendAsync(message, cancellationToken: Token);
            Interlocked.Add(ref _said, Size);
        }
    }

    private async Task CompleteAsync()
    {
        await _saying;
        await _stopped.CompleteAsync(Token);
    }

    private void Look() => GrownBy = Math.Max(GrownBy, _servers.Zip(_before, static (server, before) => server.ResidentBytes() - before).Max());
}
