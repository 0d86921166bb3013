using Microsoft.Extensions.Logging;

namespace Wharf.Grains.Streams;

/// <summary>Adds a fixed scope to each log entry.</summary>
/// <param name="inner">The logger that receives the entries.</param>
/// <param name="scope">The scope.</param>
internal sealed class ScopedLogger(ILogger inner, KeyValuePair<string, object?>[] scope) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel))
            return;
        using (inner.BeginScope(scope))
            inner.Log(logLevel, eventId, state, exception, formatter);
    }
}
