namespace Wharf.Plugins.Hosting;

/// <summary>How large the pool of plugin threads may become.</summary>
public sealed class PluginPoolOptions
{
    /// <summary>The maximum number of threads, which is the number of handlers that can block at the same time.</summary>
    public int MaxThreads { get; set; } = 256;

    /// <summary>How many threads start without a delay. More start only while handlers block these.</summary>
    public int MinThreads { get; set; } = Math.Max(4, Environment.ProcessorCount);

    /// <summary>How long a thread without work stays.</summary>
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long disposing the pool waits for handlers that are still running.</summary>
    public TimeSpan StopWait { get; set; } = TimeSpan.FromSeconds(2);
}
