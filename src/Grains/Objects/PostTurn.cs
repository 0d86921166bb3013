using Wharf.Grains.References;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Objects;

/// <summary>Runs a callback that a plugin posts to its object.</summary>
internal sealed class PostTurn(LiveObject live, Func<CancellationToken, ValueTask> callback, CancellationToken cancelled) : PluginTurn
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _thrown;

    /// <summary>Completes when the callback has completed.</summary>
    public Task Task => _done.Task;

    /// <summary>Completes when the callback begins, or when it is certain that it never begins.</summary>
    public Task Begun => _begun.Task;

    public override string Name => "post";

    public override CancellationToken Cancelled => cancelled;

    public override async ValueTask InvokeAsync(CancellationToken cancellationToken)
    {
        _begun.TrySetResult();
        var scope = TurnScope.Enter(live, live.Turns);
        try
        {
            await callback(live.Context.Stopping);
        }
        catch (Exception thrown)
        {
            // The plugin's caller receives the original exception.
            _thrown = thrown;
            throw;
        }
        finally
        {
            scope.Leave();
        }
    }

    public override void Completed(PluginFault? fault)
    {
        _begun.TrySetResult();
        if (fault is null)
            _done.TrySetResult();
        else if (cancelled.IsCancellationRequested)
            _done.TrySetCanceled(cancelled);
        else
            _done.TrySetException(_thrown ?? new PluginException((PluginStatus)fault.Code, fault.Message));
    }
}
