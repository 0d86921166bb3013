using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Tests.Invocation;

/// <summary>Plugin code in a process whose default culture is German. No other test may run at the same time.</summary>
[CollectionDefinition(nameof(PluginCultureTests), DisableParallelization = true)]
[Collection(nameof(PluginCultureTests))]
public sealed class PluginCultureTests : IAsyncDisposable
{
    private readonly CultureInfo? _before = CultureInfo.DefaultThreadCurrentCulture, _beforeUi = CultureInfo.DefaultThreadCurrentUICulture;
    private readonly PluginPool _pool;

    public PluginCultureTests()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = new CultureInfo("de-DE");
        _pool = TestPool.Create();
    }

    public ValueTask DisposeAsync()
    {
        (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = (_before, _beforeUi);
        return _pool.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_turn_runs_in_the_invariant_culture_and_does_not_pass_on_a_culture_that_it_sets(bool beginsHere)
    {
        TurnQueue queue =
            new(_pool, new TurnLimits(), TimeProvider.System, NullLogger.Instance) { Speed = beginsHere ? new HandlerSpeed(TimeProvider.System) : null };
        List<string> seen = [];
        TestTurn[] turns =
        [
            new(async _ =>
            {
                See();
                await Task.Yield();
                See();
            }),
            new(_ =>
            {
                CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = new CultureInfo("fr-FR");
                return ValueTask.CompletedTask;
            }),
            new(_ =>
            {
                See();
                return ValueTask.CompletedTask;
            }),
        ];
        foreach (TestTurn turn in turns)
        {
            if (queue.Add(turn) && beginsHere)
                queue.BeginHere();
            else if (!beginsHere && turn == turns[0])
                queue.Begin();
        }

        foreach (TestTurn turn in turns)
            Assert.Null(await turn.Outcome.InTimeAsync());
        Assert.Equal(["-1.5 ''", "-1.5 ''", "-1.5 ''"], seen);

        void See() => seen.Add($"{-1.5} '{CultureInfo.CurrentUICulture.Name}'");
    }

    [Fact]
    public void Synchronous_code_runs_in_the_invariant_culture_and_its_caller_keeps_its_own()
    {
        CultureInfo own = CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
        Assert.Equal("-1.5", PluginCulture.Run(static () => (-1.5).ToString(CultureInfo.CurrentCulture)));
        Assert.Throws<InvalidOperationException>(() => PluginCulture.Run<int>(static () => throw new InvalidOperationException()));
        Assert.Same(own, CultureInfo.CurrentCulture);
    }

    /// <summary>Control: other threads have the culture of the process.</summary>
    [Fact]
    public async Task Other_threads_have_the_culture_of_the_process()
    {
        Task<string> other;
        using (ExecutionContext.SuppressFlow())
            other = Task.Run(static () => (-1.5).ToString(CultureInfo.CurrentCulture));
        Assert.Equal("-1,5", await other);
    }
}
