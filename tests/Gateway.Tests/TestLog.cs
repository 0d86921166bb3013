using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Wharf.Gateway.Tests;

/// <summary>What the server logged.</summary>
public sealed class TestLog : ILoggerProvider
{
    public ConcurrentQueue<(string Category, LogLevel Level, string Text)> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, Lines);

    public void Dispose()
    {
    }

    private sealed class Category(string name, ConcurrentQueue<(string, LogLevel, string)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception) + (exception is null ? "" : "\n" + exception);
            lines.Enqueue((name, logLevel, text));
            if (logLevel >= LogLevel.Error)
                TestContext.Current.TestOutputHelper?.WriteLine($"{logLevel} {name}: {text}");
        }
    }
}
