using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Wharf.Protocol;

namespace Wharf.Server.Logs;

/// <summary>
/// Escapes characters that control a terminal in messages and exceptions of the console log. Except for the JSON formatter, the formatters of .NET write texts of clients and plugins
/// unescaped.
/// </summary>
internal sealed class EscapedConsole(ConsoleFormatter inner) : ConsoleFormatter(inner.Name), IDisposable
{
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var entry = logEntry;
        inner.Write(
            new LogEntry<TState>(
                entry.LogLevel, entry.Category, entry.EventId, entry.State, EscapedException.Of(entry.Exception),
                (state, _) => VisibleText.Escape(entry.Formatter?.Invoke(state, entry.Exception) ?? "")),
            scopeProvider,
            textWriter);
    }

    public void Dispose() => (inner as IDisposable)?.Dispose();

    /// <summary>An exception with an escaped text. Formatters write its text only.</summary>
    private sealed class EscapedException(string text) : Exception
    {
        public static Exception? Of(Exception? exception)
        {
            if (exception is null)
                return null;
            var text = exception.ToString();
            return VisibleText.IndexOfEscaped(text) < 0 ? exception : new EscapedException(VisibleText.Escape(text));
        }

        public override string ToString() => text;
    }
}

/// <summary>Adds the escapes to the console log.</summary>
internal static class EscapedConsoleHosting
{
    /// <summary>Wraps the formatters of .NET that do not escape. Formatters of the program are not changed.</summary>
    public static void AddEscapedConsole(this WebApplicationBuilder builder)
    {
        var formatters = builder.Services.Where(static service =>
            service.ServiceType == typeof(ConsoleFormatter) && service.ImplementationType?.Assembly == typeof(ConsoleFormatter).Assembly
            && service.ImplementationType.Name != "JsonConsoleFormatter").ToArray();
        foreach (var formatter in formatters)
        {
            builder.Services.Remove(formatter);
            builder.Services.TryAddSingleton(formatter.ImplementationType!);
            builder.Services.AddSingleton<ConsoleFormatter>(services => new EscapedConsole((ConsoleFormatter)services.GetRequiredService(formatter.ImplementationType!)));
        }
    }
}
