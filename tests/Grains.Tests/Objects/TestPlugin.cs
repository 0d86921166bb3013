using System.Text;
using System.Threading.Channels;
using Wharf.Plugins;

namespace Wharf.Grains.Tests.Objects;

internal sealed class TestPlugin : IPluginRegistration
{
    public void RegisterInto(IPluginRegistry registry)
    {
        registry.Register(new ProbeType<Probe>("Probe", concurrent: false));
        registry.Register(new ProbeType<ConcurrentProbe>("ConcurrentProbe", concurrent: true));
        registry.Register(new SnapshotType());
        registry.Register(new UnrulyType("Unruly", limit: null));
        registry.Register(new UnrulyType("Limited", limit: TimeSpan.FromMilliseconds(300)));
        registry.Register(new UnrulyType("Side", limit: null, concurrent: true));
    }
}

/// <summary>An object that does what a test tells it to.</summary>
internal class Probe : IAsyncDisposable
{
    private int _running;

    public List<string> Seen { get; } = [];

    public List<CloseReason> Closed { get; } = [];

    public Channel<CloseReason> Closings { get; } = Channel.CreateUnbounded<CloseReason>();

    public List<IMessageStream> Streams { get; } = [];

    public int Disposals;

    public int MostAtOnce;

    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Func<IMessageStream, CancellationToken, ValueTask> OnConnect { get; set; } = static (stream, _) =>
    {
        stream.Send(ReadOnlyMemory<byte>.Empty);
        return ValueTask.CompletedTask;
    };

    public Func<IMessageStream, ReceivedMessage, CancellationToken, ValueTask> OnMessage { get; set; } = static (stream, message, _) =>
    {
        stream.Send(message.Payload);
        return ValueTask.CompletedTask;
    };

    public ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref Disposals);
        Disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public async ValueTask EnterAsync(Func<ValueTask> work)
    {
        var now = Interlocked.Increment(ref _running);
        lock (Seen)
            MostAtOnce = Math.Max(MostAtOnce, now);
        await work();
        Interlocked.Decrement(ref _running);
    }
}

internal sealed class ConcurrentProbe : Probe;

internal sealed class ProbeType<TProbe>(string name, bool concurrent) : BidirectionalObjectType<TProbe>(name)
    where TProbe : Probe
{
    public override bool IsConcurrent => concurrent;

    public override IReadOnlyList<string> Aliases => ["tests." + Name];

    protected override async ValueTask<IMessageHandler> ConnectAsync(TProbe instance, IMessageStream stream, CancellationToken cancellationToken)
    {
        lock (instance.Seen)
            instance.Streams.Add(stream);
        await instance.OnConnect(stream, cancellationToken);
        return new Handler(instance, stream);
    }

    private sealed class Handler(Probe probe, IMessageStream stream) : IMessageHandler
    {
        public ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken) => probe.EnterAsync(() =>
        {
            lock (probe.Seen)
                probe.Seen.Add(Encoding.UTF8.GetString(message.Payload.Span));
            return probe.OnMessage(stream, message, cancellationToken);
        });

        public ValueTask OnClosedAsync(CloseReason reason, CancellationToken cancellationToken)
        {
            lock (probe.Seen)
                probe.Closed.Add(reason);
            probe.Closings.Writer.TryWrite(reason);
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>An object that is read once.</summary>
internal sealed record Snapshot(string Text)
{
    /// <summary>The text of an object whose type returns null.</summary>
    public const string Nothing = "nothing";
}

internal sealed class SnapshotType() : FetchOnlyObjectType<Snapshot>("Snapshot")
{
    protected override ValueTask<FetchResult> FetchAsync(Snapshot instance, Caller caller, CancellationToken cancellationToken) =>
        ValueTask.FromResult(instance.Text == Snapshot.Nothing ? null! : new FetchResult(Encoding.UTF8.GetBytes($"{instance.Text} for {caller.Identity}"), []));
}
