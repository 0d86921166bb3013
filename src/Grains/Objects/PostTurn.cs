using Wharf.Grains.References;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Objects;

/// <summary>Work that a plugin puts into its object's turn.</summary>
internal sealed class PostTurn(LiveObject live, Func<CancellationToken, ValueTask> work, CancellationToken cancelled) : PluginTurn
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _thrown;

    /// <summary>Completes when the work has.</summary>
    public Task Task => _done.Task;

    /// <summary>Completes when the work begins, or when it is certain that it does not begin.</summary>
    public Task Begun => _begun.Task;

    public override string Name => "post";

    public override CancellationToken Cancelled => cancelled;

    public override async ValueTask InvokeAsync(CancellationToken cancellationToken)
    {
        _begun.TrySetResult();
        var scope = TurnScope.Enter(live, live.Turns);
        try
        {
            await work(live.Context.Stopping);
        }
        catch (Exception thrown)
        {
            // The plugin's own caller gets the plugin's own exception.
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
