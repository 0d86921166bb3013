namespace Wharf.Plugins.Hosting;

/// <summary>Thrown if a plugin cannot be loaded; the server does not start without it.</summary>
public sealed class PluginLoadException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="file">The file or folder in question; empty for a plugin that is part of the server.</param>
    /// <param name="reason">The reason, for the operator.</param>
    /// <param name="inner">The cause, if there is one.</param>
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

    /// <summary>The reason.</summary>
    public string Reason { get; }
}
