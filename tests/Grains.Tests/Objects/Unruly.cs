using System.Collections.Concurrent;
using System.Text;
using Wharf.Plugins;

namespace Wharf.Grains.Tests.Objects;

/// <summary>An object that misbehaves once, at one entry point, and otherwise answers pings.</summary>
internal sealed class Unruly(string entry, Func<Unruly, IMessageStream?, Task> act) : IObjectLifetime, IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, Unruly> Prepared = new();

    private readonly TaskCompletionSource<Exception?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _posted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _acts;

    /// <summary>An object without faults.</summary>
    public Unruly()
        : this("", static (_, _) => Task.CompletedTask)
    {
    }

    public string Key { get; } = Guid.NewGuid().ToString("N");

    public IObjectContext Context { get; private set; } = null!;

    public List<IMessageStream> Streams { get; } = [];

    /// <summary>The exception of the misbehaviour, or null.</summary>
    public Task<Exception?> Outcome => _outcome.Task;

    /// <summary>Completes when posted work without a waiter has run.</summary>
    public Task Posted => _posted.Task;

    public ManualResetEventSlim Barrier { get; } = new();

    public static Unruly Take(string key) => Prepared.TryRemove(key, out var unruly) ? unruly : new Unruly();

    public Unruly Prepare()
    {
        Prepared[Key] = this;
        return this;
    }

    public void HasPosted() => _posted.TrySetResult();

    public async Task EnterAsync(string here, IMessageStream? stream)
    {
        if (here != entry || Interlocked.Exchange(ref _acts, 1) != 0)
            return;
        try
        {
            await act(this, stream);
            _outcome.TrySetResult(null);
        }
        catch (Exception thrown)
        {
            _outcome.TrySetResult(thrown);
            throw;
        }
    }

    public async ValueTask OnLiveAsync(IObjectContext context, CancellationToken cancellationToken)
    {
        Context = context;
        await EnterAsync("live", null);
        if (entry == "tick")
            context.StartTimer(TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan, async _ => await EnterAsync("tick", null));
    }

    public async ValueTask DisposeAsync() => await EnterAsync("dispose", null);

    public async Task<IMessageHandler> ConnectAsync(IMessageStream stream)
    {
        lock (Streams)
            Streams.Add(stream);
        stream.Send(default);
        await EnterAsync("connect", stream);
        return new Handler(this, stream);
    }

    public async Task CreateAsync(IObjectContext context)
    {
        Context = context;
        await EnterAsync("create", null);
    }

    private sealed class Handler(Unruly unruly, IMessageStream stream) : IMessageHandler
    {
        public async ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
        {
            if (Encoding.UTF8.GetString(message.Payload.Span) == "ping")
                stream.Send("pong"u8.ToArray());
            else
                await unruly.EnterAsync("message", stream);
        }

        public async ValueTask OnClosedAsync(CloseReason reason, CancellationToken cancellationToken) => await unruly.EnterAsync("closed", stream);
    }
}

/// <summary>The object type.</summary>
internal sealed class UnrulyType(string name, TimeSpan? limit, bool concurrent = false) : BidirectionalObjectType<Unruly>(name)
{
    public override TimeSpan? HandlerTimeLimit => limit;

    public override bool IsConcurrent => concurrent;

    public override async ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken)
    {
        var unruly = Unruly.Take(context.Configuration["Key"]!);
        await unruly.CreateAsync(context);
        return unruly;
    }

    protected override async ValueTask<IMessageHandler> ConnectAsync(Unruly instance, IMessageStream stream, CancellationToken cancellationToken) =>
        await instance.ConnectAsync(stream);
}
