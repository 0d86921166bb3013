using Wharf.Plugins.Hosting;

namespace Wharf.Silo.Start;

/// <summary>
/// Raises the minimum of the .NET thread pool by one for each thread that a handler blocks: up to the minimum, the thread pool starts threads without a delay. Only this executable
/// changes the thread pool, because it owns the process.
/// </summary>
internal sealed class ThreadPoolReplacement : IThreadReplacement
{
    private readonly Lock _gate = new();

    public void Add() => ChangeMinimum(1);

    public void Remove() => ChangeMinimum(-1);

    private void ChangeMinimum(int difference)
    {
        lock (_gate)
        {
            ThreadPool.GetMinThreads(out var workers, out var ports);
            ThreadPool.SetMinThreads(workers + difference, ports);
        }
    }
}
