namespace Wharf.Plugins.Hosting;

/// <summary>How large the pool of plugin threads may become.</summary>
public sealed class PluginPoolOptions
{
    /// <summary>How many threads there may be: so many handlers can block at once before others wait for them.</summary>
    public int MaxThreads { get; set; } = 256;

    /// <summary>How many threads are started without hesitation. More come only when some of these are held up by what they run.</summary>
    public int MinThreads { get; set; } = Math.Max(4, Environment.ProcessorCount);

    /// <summary>How long a thread without work stays.</summary>
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long disposing the pool waits for handlers that are still running.</summary>
    public TimeSpan StopWait { get; set; } = TimeSpan.FromSeconds(2);
}
