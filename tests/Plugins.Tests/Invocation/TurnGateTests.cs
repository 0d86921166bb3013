using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Tests.Invocation;

public sealed class TurnGateTests : IAsyncDisposable
{
    private readonly Gate _gate = new();
    private readonly PluginPool _pool;

    public TurnGateTests() => _pool = TestPool.Create(gate: _gate);

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    [Fact]
    public async Task Turns_run_while_the_gate_is_open()
    {
        TestTurn turn = new();
        Queue().Enqueue(turn);
        Assert.Null(await turn.Outcome.InTimeAsync());
        Assert.Equal(0, _gate.Waits);
    }

    [Fact]
    public async Task A_turn_waits_until_the_gate_opens_and_runs_then()
    {
        _gate.IsOpen = false;
        TestTurn turn = new();
        TestTurn next = new();
        TurnQueue queue = Queue();
        queue.Enqueue(turn);
        queue.Enqueue(next);
        await TestPool.UntilAsync(() => _gate.Waits == 1);
        Assert.False(turn.Begun.IsCompleted);
        _gate.IsOpen = true;
        _gate.Decision.SetResult(true);
        Assert.Null(await turn.Outcome.InTimeAsync());
        Assert.Null(await next.Outcome.InTimeAsync());
    }

    [Fact]
    public async Task A_turn_behind_a_gate_that_stays_closed_fails_and_one_that_must_run_runs()
    {
        _gate.IsOpen = false;
        _gate.Decision.SetResult(false);
        TestTurn message = new();
        TestTurn end = new() { MustRunAnyhow = true };
        TurnQueue queue = Queue();
        queue.Enqueue(message);
        queue.Enqueue(end);
        Assert.Equal(PluginFault.Unavailable, (await message.Outcome.InTimeAsync())!.Code);
        Assert.Null(await end.Outcome.InTimeAsync());
        Assert.False(message.Begun.IsCompleted);
    }

    private TurnQueue Queue() => new(_pool, new TurnLimits(), new FakeTimeProvider(), NullLogger.Instance);

    private sealed class Gate : TurnGate
    {
        private int _waits;

        public volatile bool IsOpen = true;

        public int Waits => Volatile.Read(ref _waits);

        public TaskCompletionSource<bool> Decision { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool IsOpenAt(long timestamp) => IsOpen;

        public override async ValueTask<bool> WhenDecidedAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _waits);
            return await Decision.Task.WaitAsync(cancellationToken);
        }
    }
}
