namespace Wharf.Plugins.Hosting;

/// <summary>Options of the threads that run plugin code.</summary>
public sealed class PluginPoolOptions
{
    /// <summary>The maximum number of dedicated threads, which is the number of handlers that can block at the same time.</summary>
    public int MaxThreads { get; set; } = 256;

    /// <summary>The number of dedicated threads that start without a delay. More are started only while handlers block these.</summary>
    public int MinThreads { get; set; } = Math.Max(4, Environment.ProcessorCount);

    /// <summary>The time after which an idle thread ends.</summary>
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether fast handlers run on the threads that receive their messages; otherwise all handlers run on dedicated threads.</summary>
    public bool InlineTurns { get; set; } = true;

    /// <summary>The time that the stop waits for handlers that are still running.</summary>
    public TimeSpan StopWait { get; set; } = TimeSpan.FromSeconds(2);
}
