using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wharf.Grains.Fields;
using Wharf.Grains.Management;
using Wharf.Grains.References;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Objects;

/// <summary>The context of a live object for its plugin.</summary>
internal sealed class ObjectContext(LiveObject live, IContextServices node, IReferenceServices references, IConfiguration? arguments) : IObjectContext
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<ObjectTimer> _timers = [];

    /// <summary>The object.</summary>
    public LiveObject Owner => live;

    /// <summary>The services of the server.</summary>
    public IServiceProvider ServerServices => node.Services;

    /// <inheritdoc/>
    public string ObjectId => live.Reference.ObjectId;

    /// <inheritdoc/>
    public string TypeName => live.Reference.TypeName;

    /// <inheritdoc/>
    public ILogger Logger => live.Logger;

    /// <inheritdoc/>
    public IConfiguration Configuration => arguments ?? live.Type?.Settings ?? node.Configuration.GetSection("Wharf:Plugins:Settings:untyped");

    /// <inheritdoc/>
    public IServiceProvider Services => live.Type?.Services ?? node.Services;

    /// <inheritdoc/>
    public TimeProvider TimeProvider => node.Time;

    /// <inheritdoc/>
    public ITableFactory Tables { get; } = new TableFactory(live, references);

    /// <inheritdoc/>
    public IFieldPublisher Fields => field ??= new FieldPublisher(live, references, FieldOwners.ClaimOf(live, node.Services.GetService<IOptions<ManagementOptions>>()?.Value));

    /// <inheritdoc/>
    public CancellationToken Stopping => _stopping.Token;

    /// <inheritdoc/>
    public Task PostAsync(Func<CancellationToken, ValueTask> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        var turn = new PostTurn(live, work, cancellationToken);
        live.Turns.Enqueue(turn);
        if (TurnScope.Current is not { } scope)
            return turn.Task;
        return scope.Queue == live.Turns
            ? SelfWait.Guard(turn.Task, () => scope.HasLeft, ObjectId)
            : SelfWait.Observed(AwaitBegunAsync(turn, scope), turn.Task);
    }

    /// <inheritdoc/>
    public IAsyncDisposable StartTimer(TimeSpan dueTime, TimeSpan period, Func<CancellationToken, ValueTask> tick)
    {
        ArgumentNullException.ThrowIfNull(tick);
        var timer = new ObjectTimer(live, node.Time, tick, RemoveTimer);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, live.Instance);
            _timers.Add(timer);
        }

        timer.Start(dueTime, period);
        return timer;
    }

    /// <summary>Stops the timers and cancels <see cref="Stopping"/>: the object ends.</summary>
    public void Stop()
    {
        ObjectTimer[] timers;
        lock (_gate)
        {
            timers = [.. _timers];
            _timers.Clear();
        }

        foreach (var timer in timers)
            timer.Stop();
        // Not on this thread: plugin code may have registered callbacks.
        _ = _stopping.CancelAsync();
    }

    /// <summary>Limits the wait of another object's turn for posted work that does not begin: this object may be waiting for that object.</summary>
    private async Task AwaitBegunAsync(PostTurn turn, TurnScope scope)
    {
        try
        {
            await turn.Begun.WaitAsync(node.ReplyTimeLimit, node.Time).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!scope.HasLeft && !turn.Begun.IsCompleted)
        {
            throw new PluginException(
                PluginStatus.DeadlineExceeded, $"the object {ObjectId} did not begin posted work within {node.ReplyTimeLimit.TotalSeconds:0.###} seconds");
        }
        catch (TimeoutException)
        {
            // No turn waits for it any more, or it began just before the timeout.
        }

        await turn.Task.ConfigureAwait(false);
    }

    private void RemoveTimer(ObjectTimer timer)
    {
        lock (_gate)
            _timers.Remove(timer);
    }
}
