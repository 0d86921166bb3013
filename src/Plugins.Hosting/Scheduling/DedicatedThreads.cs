namespace Wharf.Plugins.Hosting;

/// <summary>Begins all turns on the threads of the pool.</summary>
internal sealed class DedicatedThreads(PluginPool pool) : IThreadChoice
{
    public int BlockedCount => 0;

    public int ActiveCount => 0;

    public bool MayRunHere(HandlerSpeed? speed) => false;

    public void Start(TurnRun run) => pool.Enqueue(run);

    public ThreadActivity Check() => ThreadActivity.None;
}
