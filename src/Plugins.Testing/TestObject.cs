using Microsoft.Extensions.Configuration;
using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Testing;

/// <summary>An object of the plugin. A test can send it with a message to another object.</summary>
public sealed class TestObject : IObjectReference
{
    private readonly List<TestStream> _streams = [];
    private readonly Lock _gate = new();
    private readonly TestObjectContext _context;
    private bool _ended;
    private volatile bool _isReady;

    internal TestObject(PluginTestHost host, RegisteredObjectType type, string id, IConfiguration? arguments)
    {
        Host = host;
        Registered = type;
        Id = id;
        _context = new TestObjectContext(this, arguments ?? type.Settings);
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public string Type => Registered.Name;

    /// <summary>The instance that the plugin created.</summary>
    public object Instance { get; private set; } = null!;

    internal PluginTestHost Host { get; }

    internal TestTurnQueue Turns { get; } = new();

    internal RegisteredObjectType Registered { get; }

    /// <summary>Returns the instance that the plugin created.</summary>
    /// <typeparam name="T">The class of the instance.</typeparam>
    /// <returns>The instance.</returns>
    public T As<T>() => (T)Instance;

    /// <summary>Opens a stream, as a client does. Messages that the object sends at once can be received when this method returns.</summary>
    /// <param name="caller">The caller; a test user by default.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The stream.</returns>
    /// <exception cref="PluginException">The object refused the stream; the status is that for the client.</exception>
    public async Task<TestStream> ConnectAsync(Caller? caller, CancellationToken cancellationToken = default)
    {
        if (Registered.Type is not BidirectionalObjectType type)
            throw new PluginException(PluginStatus.FailedPrecondition, $"the object type {Type} has no message streams; use FetchAsync");
        if (Turns.Own is not null && (!Registered.IsConcurrent || !_isReady))
            throw SelfWait.CreateFailure(Id);
        var stream = new TestStream(this, caller ?? DefaultCaller, Registered.IsConcurrent ? new TestTurnQueue() : Turns, Host.CreateLogger(Type));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            _streams.Add(stream);
        }

        await stream.OpenAsync(type, cancellationToken).ConfigureAwait(false);
        return stream;
    }

    /// <summary>Opens a stream, as a client does, for a test user.</summary>
    /// <returns>The stream.</returns>
    public Task<TestStream> ConnectAsync() => ConnectAsync(caller: null);

    /// <summary>Fetches the message of a fetch-only object.</summary>
    /// <param name="caller">The caller; a test user by default.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The message.</returns>
    /// <exception cref="PluginException">The object failed; the status is that for the client.</exception>
    public async Task<TestMessage> FetchAsync(Caller? caller = null, CancellationToken cancellationToken = default)
    {
        if (Registered.Type is not FetchOnlyObjectType type)
            throw new PluginException(PluginStatus.FailedPrecondition, $"the object type {Type} exchanges messages; use ConnectAsync");
        return await Turns.RunAsync(async () =>
        {
            var result = await type.FetchAsync(Instance, caller ?? DefaultCaller, cancellationToken).ConfigureAwait(false);
            return await TestMessage.OfAsync(Host, result.Payload, result.References).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<IServerObject> KeepAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<IServerObject>(this);

    /// <inheritdoc/>
    async ValueTask<IObjectConnection> IObjectReference.ConnectAsync(CancellationToken cancellationToken) =>
        new TestConnection(await ConnectAsync(new Caller("plugin", "", "object"), cancellationToken).ConfigureAwait(false));

    /// <summary>Ends the object, as after the release by its last holder.</summary>
    /// <returns>Completes when it is disposed.</returns>
    public ValueTask DisposeAsync() => EndAsync(CloseReason.SessionEnded);

    internal static Caller DefaultCaller { get; } = new("tester", "test-session", "Test");

    internal Task<object> CreateAsync(CancellationToken cancellationToken) => Turns.RunAsync(async () =>
    {
        var instance = await Registered.Type.CreateAsync(_context, cancellationToken).ConfigureAwait(false);
        return instance is not null && Registered.Type.IsType(instance) ? instance : throw new InvalidOperationException($"the type {Type} created an object that is not of that type");
    });

    internal async Task BeginAsync(object instance)
    {
        Instance = instance;
        if (instance is IObjectLifetime lifetime)
        {
            await Turns.RunAsync(async () =>
            {
                await lifetime.OnLiveAsync(_context, _context.Stopping).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        }

        _isReady = true;
    }

    internal async ValueTask EndAsync(CloseReason reason)
    {
        TestStream[] streams;
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
            streams = [.. _streams];
        }

        var closing = Task.WhenAll(streams.Select(stream => stream.EndAsync(reason)));
        await closing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _context.StopAsync().ConfigureAwait(false);
        Host.Remove(Instance);
        await Turns.RunAsync(async () =>
        {
            if (Instance is IAsyncDisposable disposable)
                await disposable.DisposeAsync().ConfigureAwait(false);
            else if (Instance is IDisposable plain)
                plain.Dispose();
            return true;
        }).ConfigureAwait(false);
        await closing.ConfigureAwait(false);
    }
}
