using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Wharf.Grains.References;
using Wharf.Grains.Streams;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Objects;

/// <summary>A plugin object of this node: the instance, its type, its streams and its turns.</summary>
internal sealed class LiveObject : HeldObject
{
    /// <summary>The time after which a turn that delays other turns is logged.</summary>
    internal static readonly TimeSpan LongTurn = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, ObjectStream> _streams = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NodeObjects _node;
    private readonly ILogger _logger;
    private object? _instance;

    public LiveObject(ObjectReference reference, RegisteredObjectType? type, Microsoft.Extensions.Configuration.IConfiguration? arguments, NodeObjects node)
        : base(reference, node.Time)
    {
        _node = node;
        Type = type;
        _logger = new PluginLogger(node.LoggerFactory.CreateLogger("Wharf.Plugins." + (type?.Name ?? "untyped")));
        Logger = new ScopedLogger(_logger, [new("ObjectId", reference.ObjectId)]);
        Turns = NewQueue();
        References = new ReferenceMapper(this, node);
        Waits = new WaitSet(this);
        Connections = new ConnectionSet();
        Context = new ObjectContext(this, node, node, arguments);
        _ready.Task.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>The plugin's object.</summary>
    public object Instance => _instance ?? throw new InvalidOperationException("the object is being created");

    /// <summary>The plugin's object, or null while it is being created.</summary>
    public object? InstanceOrNull => _instance;

    /// <summary>The type of the object; null if no type recognizes it.</summary>
    public RegisteredObjectType? Type { get; }

    /// <summary>Whether the object handles one message at a time.</summary>
    public bool IsSerial => Type?.IsConcurrent != true;

    /// <summary>The turns of the object; also those of its streams if it is serial.</summary>
    public TurnQueue Turns { get; }

    /// <summary>Maps references between the cluster and the code of the object.</summary>
    public ReferenceMapper References { get; }

    /// <summary>The objects for which the running handler waits.</summary>
    public WaitSet Waits { get; }

    /// <summary>The streams that the object has opened to other objects.</summary>
    public ConnectionSet Connections { get; }

    /// <summary>The context that the plugin receives.</summary>
    public ObjectContext Context { get; }

    /// <summary>Guards the scopes of the object's turns, which are too many for a lock each.</summary>
    public Lock ScopeGate { get; } = new();

    /// <summary>A logger scoped to the object.</summary>
    public ILogger Logger { get; }

    /// <summary>The logger of failures that clients cause.</summary>
    public ILogger LimitedLogger => _node.Limited(Logger);

    /// <summary>Completes when the object accepts streams, or fails if it cannot.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the object has ended and is disposed.</summary>
    public Task Disposed => _disposed.Task;

    /// <summary>Completes when the object is disposed and all of its streams are removed.</summary>
    public Task Removed => _removed.Task;

    /// <summary>The queues of turns: one, and one for each stream of a concurrent object.</summary>
    public IEnumerable<TurnQueue> Queues => IsSerial ? [Turns] : [Turns, .. _streams.Select(static stream => stream.Value.Turns)];

    /// <summary>The number of open streams.</summary>
    public int StreamCount => _streams.Count(static stream => !stream.Value.HasEnded);

    /// <summary>Makes the created object reachable.</summary>
    /// <param name="instance">The plugin's object.</param>
    public void Begin(object instance)
    {
        _instance = instance;
        if (instance is IObjectLifetime lifetime)
            Turns.Enqueue(new OnLiveTurn(this, lifetime));
        else
            _ready.TrySetResult();
    }

    /// <summary>Returns whether a new stream would wait until the running call into this object returns.</summary>
    public bool IsUnreachableFrom(TurnScope scope) => IsSerial || (scope.Queue == Turns && !Ready.IsCompleted);

    /// <summary>Opens a stream; see <see cref="IPluginObjectGrain.ConnectAsync"/>.</summary>
    public Task<StreamOutput> ConnectAsync(StreamConnect connect, CancellationToken cancellationToken)
    {
        CheckEpoch(connect.Epoch);
        if (_node.IsStopping)
            throw ObjectFaults.Stopping();
        if (Type is null)
            throw new FaultException(FaultCode.NotFound, $"no object type recognizes the object; a '{connect.TypeName}' was expected");
        if (!Type.HasName(connect.TypeName))
            throw new FaultException(FaultCode.FailedPrecondition, $"the object is a '{Type.Name}', a '{connect.TypeName}' was expected");
        if (_streams.TryGetValue(connect.StreamId, out var known))
            return known.PullAsync(new StreamPull(connect.StreamId, connect.Epoch, 0), cancellationToken);
        if (!TryHold(Holder.OfStream(connect.StreamId)))
            throw ObjectFaults.Gone(Reference.ObjectId);

        var stream = new ObjectStream(this, connect, IsSerial ? Turns : NewQueue(), _node.StreamLimits, _node.Memory, _node.Time, _logger);
        _streams[connect.StreamId] = stream;
        return stream.ConnectAsync(cancellationToken);
    }

    /// <summary>Finds a stream for a call with an epoch.</summary>
    /// <exception cref="FaultException">UNAVAILABLE, DATA_LOSS.</exception>
    public ObjectStream FindStream(string streamId, long epoch)
    {
        CheckEpoch(epoch);
        return FindStream(streamId) ?? throw ObjectFaults.StreamGone(streamId);
    }

    /// <summary>Finds a stream that is open, or that has ended so recently that its caller may not have received the end.</summary>
    public ObjectStream? FindStream(string streamId) => _streams.GetValueOrDefault(streamId);

    /// <summary>Ends a stream on behalf of its caller.</summary>
    public void Disconnect(string streamId, StreamEndReason reason)
    {
        if (_streams.TryGetValue(streamId, out var stream))
            stream.Disconnect(reason);
    }

    /// <summary>Releases the hold of a stream after the plugin has been notified of the stream's end.</summary>
    public void OnStreamClosed(ObjectStream stream) => Release(Holder.OfStream(stream.StreamId));

    /// <summary>Ends all streams.</summary>
    public void EndStreams(StreamEndReason reason, Fault fault)
    {
        foreach (var stream in _streams.Values)
            stream.End(reason, fault);
    }

    /// <summary>Removes ended streams, ends streams without calls of their gateway, and removes holders whose lease has expired.</summary>
    public void Sweep()
    {
        foreach (var (id, stream) in _streams)
        {
            if (stream.Sweep())
                _streams.TryRemove(id, out _);
        }

        ReleaseExpired();
        LogLongTurns();
        if (HasEnded && _disposed.Task.IsCompleted && _streams.IsEmpty)
        {
            _node.Live.Remove(this);
            _removed.TrySetResult();
        }
    }

    /// <inheritdoc/>
    protected override void OnEnded()
    {
        _node.Live.RemoveInstance(this);
        Context.Stop();
        Turns.Enqueue(new DisposeTurn(this));
    }

    private TurnQueue NewQueue() => new(_node.Pool, Type?.Limits ?? NodeObjects.NoLimits, _node.Time, _logger) { TypeName = Type?.Name ?? "", Speed = Type?.Speed };

    /// <summary>Logs each turn that has not returned while others wait. A type without a time limit would never report it.</summary>
    private void LogLongTurns()
    {
        foreach (var queue in Queues)
        {
            if (queue.TakeLongTurn(LongTurn) is { } turn)
                ObjectLog.LogLongTurn(Logger, turn.Name, Reference.TypeName, (int)turn.RunningFor.TotalSeconds, turn.Waiting);
        }
    }

    /// <summary>Logs the failure of a call that has no client, and returns it as an exception.</summary>
    public PluginException LogFailure(string call, PluginFault fault)
    {
        ObjectLog.LogCallFailed(LimitedLogger, call, fault.Message);
        return new PluginException((PluginStatus)fault.Code, fault.Message);
    }

    private async Task ReleaseAsync()
    {
        await Connections.DisposeAllAsync().ConfigureAwait(false);
        References.End();
        _ = Turns.CloseAsync();
        _disposed.TrySetResult();
    }

    private sealed class OnLiveTurn(LiveObject live, IObjectLifetime lifetime) : PluginTurn
    {
        public override string Name => "live";

        public override async ValueTask InvokeAsync(CancellationToken cancellationToken)
        {
            var scope = TurnScope.Enter(live, live.Turns);
            try
            {
                await lifetime.OnLiveAsync(live.Context, live.Context.Stopping);
            }
            finally
            {
                scope.Leave();
            }
        }

        public override void Completed(PluginFault? fault)
        {
            if (fault is null)
                live._ready.TrySetResult();
            else
                live._ready.TrySetException(live.LogFailure(Name, fault));
        }
    }

    private sealed class DisposeTurn(LiveObject live) : PluginTurn
    {
        public override string Name => "dispose";

        public override bool MustRun => true;

        public override async ValueTask InvokeAsync(CancellationToken cancellationToken)
        {
            var scope = TurnScope.Enter(live, live.Turns);
            try
            {
                if (live._instance is IAsyncDisposable disposable)
                    await disposable.DisposeAsync();
                else if (live._instance is IDisposable plain)
                    plain.Dispose();
            }
            finally
            {
                scope.Leave();
            }
        }

        public override void Completed(PluginFault? fault)
        {
            if (fault is not null)
                live.LogFailure(Name, fault);
            _ = live.ReleaseAsync();
        }
    }
}
