namespace Wharf.Plugins.Hosting;

/// <summary>A plugin cannot be loaded, and the server does not start without it.</summary>
public sealed class PluginLoadException : Exception
{
    /// <summary>Makes the failure.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="file">The file or folder in question; empty for a plugin that is part of the server.</param>
    /// <param name="reason">Why, for the operator.</param>
    /// <param name="inner">What led to it, if anything.</param>
    public PluginLoadException(string plugin, string file, string reason, Exception? inner = null)
        : base(file.Length == 0 ? $"plugin {plugin}: {reason}" : $"plugin {plugin} ({file}): {reason}", inner is null ? null : ExceptionText.ForLog(inner))
    {
        Plugin = plugin;
        File = file;
        Reason = reason;
    }

    /// <summary>The plugin's name.</summary>
    public string Plugin { get; }

    /// <summary>The file or folder in question.</summary>
    public string File { get; }

    /// <summary>Why.</summary>
    public string Reason { get; }
}
