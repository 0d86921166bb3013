using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Wharf.Gateway.Tests;

/// <summary>What the server logged.</summary>
public sealed class TestLog : ILoggerProvider
{
    public ConcurrentQueue<(string Category, LogLevel Level, string Text)> Lines { get; } = new();

    /// <summary>The lowest level that is kept, besides the audit log, which is kept whole.</summary>
    public LogLevel Lowest { get; init; } = LogLevel.Information;

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, categoryName == "Wharf.Audit" ? LogLevel.Trace : Lowest, Lines);

    public void Dispose()
    {
    }

    private sealed class Category(string name, LogLevel lowest, ConcurrentQueue<(string, LogLevel, string)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= lowest;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var text = formatter(state, exception) + (exception is null ? "" : "\n" + exception);
            lines.Enqueue((name, logLevel, text));
            if (logLevel >= LogLevel.Error)
                TestContext.Current.TestOutputHelper?.WriteLine($"{logLevel} {name}: {text}");
        }
    }
}
