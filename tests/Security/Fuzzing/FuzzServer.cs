using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wharf.Plugins.Counter;
using Wharf.Plugins.Echo;
using Wharf.Plugins.ExampleService;
using Wharf.Server;

namespace Wharf.Security.Fuzzing;

/// <summary>The server that is fuzzed, in this process, with its errors and the number of calls that it has not ended.</summary>
internal sealed class FuzzServer : IAsyncDisposable
{
    public const string PreSharedKeyHeader = "io.deephaven.authentication.psk.PskAuthenticationHandler " + GuardedServer.Key;

    private const int MostErrors = 1_000;

    private readonly IHost _host;

    private FuzzServer(IHost host)
    {
        _host = host;
        Port = host.Services.GetRequiredService<WharfServer>().Port;
        Active = new ActiveCalls(Port);
    }

    /// <summary>The errors that the server logged.</summary>
    public ErrorLog Errors { get; private init; } = new();

    /// <summary>The calls that have begun and not ended.</summary>
    public ActiveCalls Active { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    private int Port { get; }

    public static async Task<FuzzServer> StartAsync(CancellationToken cancellationToken)
    {
        var errors = new ErrorLog();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Error).AddProvider(errors);
        builder.AddWharf(static options =>
        {
            (options.Port, options.Address, options.PreSharedKey, options.AllowAnonymous, options.PluginsFolder) = (0, "127.0.0.1", GuardedServer.Key, true, "");
            options.Plugins.Add(new EchoRegistration());
            options.Plugins.Add(new CounterRegistration());
            options.Plugins.Add(new ExampleServiceRegistration());
            options.Settings["Wharf:Fields:echo:Type"] = "Echo";
            options.Settings["Wharf:Fields:app/demo/field/echo:Type"] = "Echo";
            options.Settings["Wharf:Fields:counter:Type"] = "Counter";
            options.Settings["Wharf:Fields:example_service:Type"] = "ExampleService";
            // Wrong credentials are input here.
            options.Settings["Wharf:Auth:FailedLoginsPerMinute"] = "1000000";
            options.Settings["Wharf:Sessions:MaxSessionsPerAddress"] = "100000";
        });
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new FuzzServer(host) { Errors = errors };
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        Active.Dispose();
    }

    /// <summary>Collects the errors of the log.</summary>
    internal sealed class ErrorLog : ILoggerProvider
    {
        private readonly ConcurrentDictionary<string, string> _lines = new();

        /// <summary>The first error of each message and exception.</summary>
        public IReadOnlyCollection<string> Kinds => [.. _lines.Values];

        public ILogger CreateLogger(string categoryName) => new Category(categoryName, _lines);

        public void Dispose()
        {
        }

        private sealed class Category(string name, ConcurrentDictionary<string, string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                // Kestrel's line for a client of HTTP/1.1 whose deadline ends the call before its body is complete; the connection ends, and nothing else.
                bool isUnfinishedBody = name == "Microsoft.AspNetCore.Server.Kestrel" && exception is InvalidOperationException && exception.Message.StartsWith("Reading is already in progress", StringComparison.Ordinal);
                // The errors of plugins are theirs: the example plugin throws at a message that it does not have.
                bool isOfPlugin = name.StartsWith("Wharf.Plugins.", StringComparison.Ordinal);
                if (logLevel >= LogLevel.Error && lines.Count < MostErrors && !isUnfinishedBody && !isOfPlugin)
                    lines.TryAdd($"{name} {eventId} {exception?.GetType()} {exception?.Message} {exception?.StackTrace?.Split('\n')[0]}", $"{logLevel} {name}: {formatter(state, exception)}{(exception is null ? "" : "\n" + exception)}");
            }
        }
    }
}
