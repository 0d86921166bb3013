using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>A logger for exceptions of plugins. Replaces an exception whose members throw, which would fail the log.</summary>
/// <param name="inner">The logger that receives the entries.</param>
public sealed class PluginLogger(ILogger inner) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (inner.IsEnabled(logLevel))
            inner.Log(logLevel, eventId, state, exception is null ? null : ExceptionText.ForLog(exception), formatter);
    }
}

/// <summary>The logger factory of plugins: wraps each logger of the server in a <see cref="PluginLogger"/>.</summary>
internal sealed class PluginLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new PluginLogger(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>Does nothing: the server disposes its factory.</summary>
    public void Dispose()
    {
    }
}
