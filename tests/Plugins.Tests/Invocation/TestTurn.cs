using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Tests.Invocation;

/// <summary>A turn that runs what a test gives it and remembers how it went.</summary>
internal sealed class TestTurn(Func<CancellationToken, ValueTask> handler) : PluginTurn
{
    private readonly TaskCompletionSource<PluginFault?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _completions;

    public TestTurn()
        : this(_ => ValueTask.CompletedTask)
    {
    }

    public Task Begun => _begun.Task;

    public Task<PluginFault?> Outcome => _outcome.Task;

    public int Completions => Volatile.Read(ref _completions);

    public TimeSpan? Limit { get; init; }

    public CancellationToken GoneWhen { get; init; }

    public bool MustRunAnyhow { get; init; }

    public Action? OnCompleted { get; init; }

    public override TimeSpan? TimeLimit => Limit;

    public override CancellationToken Cancelled => GoneWhen;

    public override bool MustRun => MustRunAnyhow;

    public override ValueTask InvokeAsync(CancellationToken cancellationToken)
    {
        _begun.TrySetResult();
        return handler(cancellationToken);
    }

    public override void Completed(PluginFault? fault)
    {
        Interlocked.Increment(ref _completions);
        OnCompleted?.Invoke();
        _outcome.TrySetResult(fault);
    }
}

/// <summary>A handler that stays in its call, blocking its thread, until the test lets it go.</summary>
internal sealed class Blockade : IDisposable
{
    private readonly ManualResetEventSlim _gate = new();

    public ValueTask Handle(CancellationToken cancellationToken)
    {
        _gate.Wait(CancellationToken.None);
        return ValueTask.CompletedTask;
    }

    public void Lift() => _gate.Set();

    public void Dispose() => _gate.Set();
}
