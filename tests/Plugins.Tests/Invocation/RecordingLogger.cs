using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Tests.Invocation;

/// <summary>Keeps the entries of the log.</summary>
internal sealed class RecordingLogger : ILogger
{
    public List<(string Text, Exception? Exception)> Entries { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Entries)
            Entries.Add((formatter(state, exception), exception));
    }
}
