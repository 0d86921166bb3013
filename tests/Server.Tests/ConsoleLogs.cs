using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Wharf.Server.Logs;

namespace Wharf.Server.Tests;

/// <summary>The console log escapes what could control a terminal. The marker is the title sequence of a terminal, which is harmless.</summary>
public sealed class ConsoleLogs
{
    private const string Marker = "\u001b]0;title\u0007\rLogin of super-user";
    private const string Escaped = "\\u001B]0;title\\u0007\\u000DLogin of super-user";

    [Theory]
    [InlineData(ConsoleFormatterNames.Simple)]
    [InlineData(ConsoleFormatterNames.Systemd)]
    public void Messages_and_exceptions_are_escaped(string name)
    {
        var (line, exception) = (Write(name, Marker, null), Write(name, "failed", new InvalidOperationException(Marker)));
        Assert.Contains(Escaped, line, StringComparison.Ordinal);
        Assert.Contains(Escaped, exception, StringComparison.Ordinal);
        Assert.DoesNotContain(line + exception, static character => char.IsControl(character) && character is not ('\n' or '\t'));
    }

    [Theory]
    [InlineData(ConsoleFormatterNames.Simple)]
    [InlineData(ConsoleFormatterNames.Systemd)]
    [InlineData(ConsoleFormatterNames.Json)]
    public void A_plain_message_is_written_as_it_is(string name) => Assert.Contains("plain text, one line", Write(name, "plain text, one line", null), StringComparison.Ordinal);

    [Fact]
    public void The_formatter_of_NET_writes_control_characters()
    {
        var inner = Formatters(escaped: false).Single(static formatter => formatter.Name == ConsoleFormatterNames.Simple);
        Assert.Contains(Marker, Write(inner, Marker, null), StringComparison.Ordinal);
    }

    private static string Write(string name, string message, Exception? exception) => Write(Formatters(escaped: true).Single(formatter => formatter.Name == name), message, exception);

    private static string Write(ConsoleFormatter formatter, string message, Exception? exception)
    {
        using var writer = new StringWriter();
        formatter.Write(new LogEntry<string>(LogLevel.Information, "Wharf.Audit", 0, message, exception, static (state, _) => state), scopeProvider: null, writer);
        return writer.ToString();
    }

    private static IReadOnlyList<ConsoleFormatter> Formatters(bool escaped)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.Configure<SimpleConsoleFormatterOptions>(static options => options.ColorBehavior = LoggerColorBehavior.Disabled);
        if (escaped)
            builder.AddEscapedConsole();
        return [.. builder.Services.BuildServiceProvider().GetServices<ConsoleFormatter>()];
    }
}
